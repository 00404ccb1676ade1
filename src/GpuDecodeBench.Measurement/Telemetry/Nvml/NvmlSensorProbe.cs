using System.Globalization;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>Tries every way to every quantity of a device, once, and keeps the ways that lead somewhere.</summary>
internal sealed class NvmlSensorProbe
{
    private const string FieldCall = "nvmlDeviceGetFieldValues";
    private const string PartDetail = "of the whole GPU, not of the MIG instance alone";
    private const string ModuleDetail =
        "of the module, its NVIDIA CPU counted: this GPU does not tell its own share alone";

    private readonly NvmlDevice _device;
    private readonly List<NvmlFieldValue> _fields = [];
    private readonly List<TelemetryCapability> _capabilities = [];

    private NvmlSensorProbe(NvmlDevice device) => _device = device;

    private NvmlLibrary Library => _device.Library;

    /// <summary>Tries them.</summary>
    public static NvmlSensorPlan Probe(NvmlDevice device) => new NvmlSensorProbe(device).Plan();

    private NvmlSensorPlan Plan()
    {
        NvmlPowerMeaning meaning = NvmlPowerMeaning.Of(_device);
        NvmlFieldValue[] answers = Ask();
        (int? energyField, bool hasEnergyCall) = Energy(answers[0]);
        PowerWay instant = Power(
            TelemetryQuantity.PowerInstant,
            answers[1],
            answers[2],
            meaning.IsAverage == false ? "" : null
        );
        PowerWay average = Power(
            TelemetryQuantity.PowerAverage,
            answers[3],
            answers[4],
            meaning.IsAverage switch
            {
                true => "",
                null => "whether averaged over a second, as since Ampere, is not known of this GPU",
                false => null,
            }
        );
        return new NvmlSensorPlan
        {
            EnergyField = energyField,
            HasEnergyCall = hasEnergyCall,
            InstantField = instant.Field,
            IsUsageInstant = instant.IsUsage,
            AverageField = average.Field,
            IsUsageAverage = average.IsUsage,
            IsModulePower = instant.IsModule || average.IsModule,
            HasCoreClock = Clock(TelemetryQuantity.CoreClock, NvmlKinds.CoreClock, "clock SM"),
            HasMemoryClock = Clock(TelemetryQuantity.MemoryClock, NvmlKinds.MemoryClock, "clock MEM"),
            HasTemperature = Temperature(),
            MemoryTemperatureField = MemoryTemperature(answers[5]),
            HasClockReasons = ClockReasons(),
            HasUtilization = Utilization(),
            Fields = [.. _fields],
            Capabilities = [.. _capabilities.OrderBy(capability => capability.Quantity)],
            UpdatePeriodSeconds = meaning.UpdatePeriodSeconds,
        };
    }

    private NvmlFieldValue[] Ask()
    {
        NvmlFieldValue[] answers =
        [
            NvmlFieldValue.Ask(NvmlField.TotalEnergy),
            NvmlFieldValue.Ask(NvmlField.PowerInstant, NvmlKinds.GpuScope),
            NvmlFieldValue.Ask(NvmlField.PowerInstant, NvmlKinds.ModuleScope),
            NvmlFieldValue.Ask(NvmlField.PowerAverage, NvmlKinds.GpuScope),
            NvmlFieldValue.Ask(NvmlField.PowerAverage, NvmlKinds.ModuleScope),
            NvmlFieldValue.Ask(NvmlField.MemoryTemperature),
        ];
        NvmlReturn code = Library.FieldValues(_device.Handle, answers);
        if (code != NvmlReturn.Success)
        {
            foreach (ref NvmlFieldValue answer in answers.AsSpan())
            {
                answer.Return = code;
            }
        }

        return answers;
    }

    /// <summary>The counter: a zero is no answer now, but may be one soon after the driver was loaded.</summary>
    private (int? Field, bool HasCall) Energy(NvmlFieldValue answer)
    {
        string? detail = _device.IsPart ? PartDetail : null;
        if (answer.Return == NvmlReturn.Success && answer.Value.ToDouble(answer.Type) is not null)
        {
            Add(TelemetryQuantity.EnergyCounter, MethodOf(answer), detail);
            return (AddField(answer), false);
        }

        const string Call = "nvmlDeviceGetTotalEnergyConsumption";
        NvmlReturn code = Library.TotalEnergy(_device.Handle, out _);
        if (code == NvmlReturn.Success)
        {
            Add(TelemetryQuantity.EnergyCounter, Call, detail);
            return (null, true);
        }

        Refuse(TelemetryQuantity.EnergyCounter, Call, code);
        return (null, false);
    }

    /// <summary>The GPU's own power comes first, however it is read; the module's only where there is none.</summary>
    /// <param name="quantity">Instant or averaged power.</param>
    /// <param name="gpu">The answer for the GPU.</param>
    /// <param name="module">The answer for the module.</param>
    /// <param name="usageDetail">What to say of <c>nvmlDeviceGetPowerUsage</c>; null where it is the other kind of power.</param>
    private PowerWay Power(TelemetryQuantity quantity, NvmlFieldValue gpu, NvmlFieldValue module, string? usageDetail)
    {
        string? detail = _device.IsPart ? PartDetail : null;
        if (IsPositive(gpu))
        {
            Add(quantity, MethodOf(gpu), detail);
            return new PowerWay(AddField(gpu), false, false);
        }

        if (
            usageDetail is not null
            && Library.Number(NvmlNumber.PowerUsage, _device.Handle, out uint milliwatts) == NvmlReturn.Success
            && milliwatts > 0
        )
        {
            Add(quantity, "nvmlDeviceGetPowerUsage", Join(detail, usageDetail));
            return new PowerWay(null, true, false);
        }

        if (IsPositive(module))
        {
            Add(quantity, MethodOf(module), Join(detail, ModuleDetail));
            return new PowerWay(AddField(module), false, true);
        }

        RefuseField(quantity, gpu);
        return default;
    }

    private bool Clock(TelemetryQuantity quantity, uint kind, string words)
    {
        NvmlReturn code = Library.Number(NvmlNumberOf.ClockInfo, _device.Handle, kind, out uint megahertz);
        return Accept(quantity, $"nvmlDeviceGetClockInfo {words}", code, megahertz > 0);
    }

    private bool Temperature()
    {
        NvmlReturn code = Library.Number(
            NvmlNumberOf.Temperature,
            _device.Handle,
            NvmlKinds.CoreTemperature,
            out uint celsius
        );
        return Accept(TelemetryQuantity.Temperature, "nvmlDeviceGetTemperature", code, celsius > 0);
    }

    private int? MemoryTemperature(NvmlFieldValue answer)
    {
        if (!IsPositive(answer))
        {
            RefuseField(TelemetryQuantity.MemoryTemperature, answer);
            return null;
        }

        Add(TelemetryQuantity.MemoryTemperature, MethodOf(answer), null);
        return AddField(answer);
    }

    private bool ClockReasons()
    {
        NvmlReturn code = Library.ClockReasons(_device.Handle, out _);
        return Accept(TelemetryQuantity.ThrottleReasons, "nvmlDeviceGetCurrentClocksEventReasons", code, true);
    }

    private bool Utilization()
    {
        NvmlReturn code = Library.Utilization(_device.Handle, out _);
        Accept(TelemetryQuantity.CoreUtilization, "nvmlDeviceGetUtilizationRates", code, true);
        return Accept(TelemetryQuantity.MemoryUtilization, "nvmlDeviceGetUtilizationRates", code, true);
    }

    private bool Accept(TelemetryQuantity quantity, string method, NvmlReturn code, bool isPlausible)
    {
        if (code != NvmlReturn.Success)
        {
            Refuse(quantity, method, code);
            return false;
        }

        if (!isPlausible)
        {
            RefuseZero(quantity, method);
            return false;
        }

        Add(quantity, method, null);
        return true;
    }

    private int AddField(NvmlFieldValue answer)
    {
        _fields.Add(NvmlFieldValue.Ask(answer.Field, answer.Scope));
        return _fields.Count - 1;
    }

    private void Add(TelemetryQuantity quantity, string method, string? detail) =>
        _capabilities.Add(new TelemetryCapability(quantity, method, Detail: detail));

    private void Refuse(TelemetryQuantity quantity, string method, NvmlReturn code) =>
        _capabilities.Add(
            new TelemetryCapability(
                quantity,
                method,
                NvmlReasons.Code(code),
                NvmlReasons.Sentence(code, method, Library.ErrorString(code))
            )
        );

    private void RefuseZero(TelemetryQuantity quantity, string method) =>
        _capabilities.Add(
            new TelemetryCapability(quantity, method, NvmlReasons.ImplausibleZero, NvmlReasons.ZeroSentence(method))
        );

    private void RefuseField(TelemetryQuantity quantity, NvmlFieldValue answer)
    {
        string method = MethodOf(answer);
        if (answer.Return != NvmlReturn.Success)
        {
            Refuse(quantity, method, answer.Return);
        }
        else if (answer.Value.ToDouble(answer.Type) is null)
        {
            _capabilities.Add(
                new TelemetryCapability(
                    quantity,
                    method,
                    NvmlReasons.ValueNotAvailable,
                    $"NVML answered {method} with a value of the type {(int)answer.Type}, which this program does not know: a newer version of it would help."
                )
            );
        }
        else
        {
            RefuseZero(quantity, method);
        }
    }

    private static bool IsPositive(NvmlFieldValue answer) =>
        answer.Return == NvmlReturn.Success && answer.Value.ToDouble(answer.Type) is > 0;

    private static string MethodOf(NvmlFieldValue answer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{FieldCall} {(uint)answer.Field}{(answer.Scope == NvmlKinds.ModuleScope ? " scope 1" : "")}"
        );

    private static string? Join(string? first, string second)
    {
        string joined = string.Join("; ", new[] { first, second }.Where(words => !string.IsNullOrEmpty(words)));
        return joined.Length == 0 ? null : joined;
    }

    /// <summary>How power is read: by a field of the one call, or by a call of its own; neither where it is not.</summary>
    private readonly record struct PowerWay(int? Field, bool IsUsage, bool IsModule);
}

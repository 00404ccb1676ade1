using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>
/// Reads what changes while work runs: everything that has a field number in one call, the rest one by one. Which way leads to
/// which quantity is tried once, when the device is opened. <see cref="Read"/> allocates nothing.
/// </summary>
internal sealed class NvmlSensors
{
    private const double MillijoulesPerJoule = 1e3;
    private const double MilliwattsPerWatt = 1e3;
    private const double HertzPerMegahertz = 1e6;
    private const double PercentPerOne = 100;

    private readonly NvmlDevice _device;
    private readonly NvmlSensorPlan _plan;
    private readonly NvmlFieldValue[] _fields;
    private readonly NvmlEnergyCounter _energy = new();
    private string? _failure;

    /// <summary>Reads a device by a plan.</summary>
    public NvmlSensors(NvmlDevice device, NvmlSensorPlan plan)
    {
        _device = device;
        _plan = plan;
        _fields = [.. plan.Fields];
    }

    /// <summary>One sample; its time is the middle of the calls that read energy and power.</summary>
    public TelemetrySample Read()
    {
        _failure = null;
        double before = TelemetryClock.NowSeconds;
        ReadFields();
        double? energy = Energy();
        double? instant = Power(_plan.InstantField, _plan.IsUsageInstant);
        double? average = Power(_plan.AverageField, _plan.IsUsageAverage);
        double after = TelemetryClock.NowSeconds;
        (double? core, double? memory) = Utilization();
        return new TelemetrySample
        {
            Seconds = (before + after) / 2,
            EnergyJoules = energy,
            PowerInstantWatts = instant,
            PowerAverageWatts = average,
            CoreClockHz = Clock(_plan.HasCoreClock, NvmlKinds.CoreClock),
            MemoryClockHz = Clock(_plan.HasMemoryClock, NvmlKinds.MemoryClock),
            TemperatureCelsius = Temperature(),
            MemoryTemperatureCelsius = Positive(Field(_plan.MemoryTemperatureField)),
            ThrottleReasons = Reasons(),
            CoreUtilization = core,
            MemoryUtilization = memory,
            FailureCode = _failure,
        };
    }

    private void ReadFields()
    {
        if (_fields.Length == 0)
        {
            return;
        }

        for (int i = 0; i < _fields.Length; i++)
        {
            _fields[i] = _plan.Fields[i];
        }

        NvmlReturn code = _device.Library.FieldValues(_device.Handle, _fields);
        if (code != NvmlReturn.Success)
        {
            for (int i = 0; i < _fields.Length; i++)
            {
                _fields[i].Return = code;
            }
        }
    }

    private double? Energy()
    {
        ulong millijoules;
        int bits = 64;
        if (_plan.EnergyField is int field)
        {
            ref NvmlFieldValue value = ref _fields[field];
            if (!IsSuccess(value.Return))
            {
                return null;
            }

            double? number = value.Value.ToDouble(value.Type);
            if (number is not >= 0)
            {
                Fail(NvmlReasons.ValueNotAvailable);
                return null;
            }

            bits = NvmlValue.Bits(value.Type);
            millijoules = (ulong)number.Value;
        }
        else if (!_plan.HasEnergyCall || !IsSuccess(_device.Library.TotalEnergy(_device.Handle, out millijoules)))
        {
            return null;
        }

        double? joules = _energy.Next(millijoules, bits) / MillijoulesPerJoule;
        if (joules is null)
        {
            Fail(NvmlReasons.CounterWentBack);
        }

        return Positive(joules);
    }

    private double? Power(int? field, bool isUsage)
    {
        if (field is not null)
        {
            return Positive(Field(field)) / MilliwattsPerWatt;
        }

        return isUsage && IsSuccess(_device.Library.Number(NvmlNumber.PowerUsage, _device.Handle, out uint milliwatts))
            ? Positive(milliwatts) / MilliwattsPerWatt
            : null;
    }

    private double? Clock(bool isRead, uint kind) =>
        isRead && IsSuccess(_device.Library.Number(NvmlNumberOf.ClockInfo, _device.Handle, kind, out uint megahertz))
            ? Positive(megahertz) * HertzPerMegahertz
            : null;

    private double? Temperature() =>
        _plan.HasTemperature
        && IsSuccess(
            _device.Library.Number(
                NvmlNumberOf.Temperature,
                _device.Handle,
                NvmlKinds.CoreTemperature,
                out uint celsius
            )
        )
            ? Positive(celsius)
            : null;

    private ThrottleReasons? Reasons() =>
        _plan.HasClockReasons && IsSuccess(_device.Library.ClockReasons(_device.Handle, out ulong reasons))
            ? (ThrottleReasons)(int)(reasons & int.MaxValue)
            : null;

    private (double? Core, double? Memory) Utilization() =>
        _plan.HasUtilization && IsSuccess(_device.Library.Utilization(_device.Handle, out NvmlUtilization utilization))
            ? (utilization.CorePercent / PercentPerOne, utilization.MemoryPercent / PercentPerOne)
            : (null, null);

    private double? Field(int? field)
    {
        if (field is not int index || !IsSuccess(_fields[index].Return))
        {
            return null;
        }

        double? value = _fields[index].Value.ToDouble(_fields[index].Type);
        if (value is null)
        {
            Fail(NvmlReasons.ValueNotAvailable);
        }

        return value;
    }

    /// <summary>The value, if it is not the zero that a running device cannot have.</summary>
    private double? Positive(double? value)
    {
        if (value is null or > 0)
        {
            return value;
        }

        Fail(NvmlReasons.ImplausibleZero);
        return null;
    }

    private bool IsSuccess(NvmlReturn code)
    {
        if (code == NvmlReturn.Success)
        {
            return true;
        }

        Fail(NvmlReasons.Code(code));
        return false;
    }

    /// <summary>Keeps the first reason, but for a lost GPU, which explains every other.</summary>
    private void Fail(string code)
    {
        if (_failure is null || code == NvmlReasons.GpuIsLost)
        {
            _failure = code;
        }
    }
}

using GpuDecodeBench.Backends.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>What is read while work runs. Nothing here allocates.</summary>
internal sealed unsafe partial class NvmlLibrary
{
    private readonly nint[] _numbers;
    private readonly nint[] _numbersOf;
    private readonly SensorFunctions _sensors;

    /// <summary>One number.</summary>
    public NvmlReturn Number(NvmlNumber number, nint device, out uint value)
    {
        var get = (delegate* unmanaged<nint, uint*, NvmlReturn>)_numbers[(int)number];
        uint got = 0;
        NvmlReturn code = get == null ? NvmlReturn.FunctionNotFound : get(device, &got);
        value = got;
        return code;
    }

    /// <summary>One number of a kind.</summary>
    public NvmlReturn Number(NvmlNumberOf number, nint device, uint kind, out uint value)
    {
        var get = (delegate* unmanaged<nint, uint, uint*, NvmlReturn>)_numbersOf[(int)number];
        uint got = 0;
        NvmlReturn code = get == null ? NvmlReturn.FunctionNotFound : get(device, kind, &got);
        value = got;
        return code;
    }

    /// <summary>Energy since the driver was loaded, in mJ.</summary>
    public NvmlReturn TotalEnergy(nint device, out ulong millijoules) =>
        Long(_sensors.TotalEnergy, device, out millijoules);

    /// <summary>Why clocks are lower than they could be, as bits.</summary>
    public NvmlReturn ClockReasons(nint device, out ulong reasons) => Long(_sensors.ClockReasons, device, out reasons);

    /// <summary>Shares of time with work.</summary>
    public NvmlReturn Utilization(nint device, out NvmlUtilization utilization)
    {
        NvmlUtilization got = default;
        NvmlReturn code =
            _sensors.Utilization == null ? NvmlReturn.FunctionNotFound : _sensors.Utilization(device, &got);
        utilization = got;
        return code;
    }

    /// <summary>Asks several questions in one call; each answer has a code of its own beside the call's.</summary>
    public NvmlReturn FieldValues(nint device, Span<NvmlFieldValue> values)
    {
        fixed (NvmlFieldValue* first = values)
        {
            return _sensors.FieldValues == null
                ? NvmlReturn.FunctionNotFound
                : _sensors.FieldValues(device, values.Length, first);
        }
    }

    /// <summary>What a sensor buffered after a time stamp; no room at all asks for how much there is.</summary>
    /// <param name="device">The device.</param>
    /// <param name="kind">Which sensor.</param>
    /// <param name="after">The last time stamp that is not wanted again; 0 for all.</param>
    /// <param name="samples">Room for the samples.</param>
    /// <param name="type">What the values are.</param>
    /// <param name="count">How many there are, or were written.</param>
    public NvmlReturn Samples(
        nint device,
        int kind,
        ulong after,
        Span<NvmlSample> samples,
        out NvmlValueType type,
        out int count
    )
    {
        var got = NvmlValueType.UnsignedInt;
        uint length = (uint)samples.Length;
        NvmlReturn code;
        fixed (NvmlSample* first = samples)
        {
            code =
                _sensors.Samples == null
                    ? NvmlReturn.FunctionNotFound
                    : _sensors.Samples(device, kind, after, &got, &length, first);
        }

        type = got;
        count = (int)Math.Min(length, int.MaxValue);
        return code;
    }

    private static NvmlReturn Long(delegate* unmanaged<nint, ulong*, NvmlReturn> get, nint device, out ulong value)
    {
        ulong got = 0;
        NvmlReturn code = get == null ? NvmlReturn.FunctionNotFound : get(device, &got);
        value = got;
        return code;
    }

    private readonly struct SensorFunctions(NativeSymbols symbols)
    {
        public readonly delegate* unmanaged<nint, ulong*, NvmlReturn> TotalEnergy = (delegate* unmanaged<
            nint,
            ulong*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetTotalEnergyConsumption");

        /// <summary>The older name is that of drivers before R535.</summary>
        public readonly delegate* unmanaged<nint, ulong*, NvmlReturn> ClockReasons = (delegate* unmanaged<
            nint,
            ulong*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons");

        public readonly delegate* unmanaged<nint, NvmlUtilization*, NvmlReturn> Utilization = (delegate* unmanaged<
            nint,
            NvmlUtilization*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetUtilizationRates");

        public readonly delegate* unmanaged<nint, int, NvmlFieldValue*, NvmlReturn> FieldValues = (delegate* unmanaged<
            nint,
            int,
            NvmlFieldValue*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetFieldValues");

        public readonly delegate* unmanaged<nint, int, ulong, NvmlValueType*, uint*, NvmlSample*, NvmlReturn> Samples =
            (delegate* unmanaged<nint, int, ulong, NvmlValueType*, uint*, NvmlSample*, NvmlReturn>)
                symbols.Get("nvmlDeviceGetSamples");
    }
}

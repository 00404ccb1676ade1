using System.Buffers.Binary;
using System.Text;

namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>This part: what seldom changes.</summary>
internal sealed unsafe partial class RocmSmiDevice
{
    private const int ScratchBytes = 4096;
    private const int TextBytes = 256;
    private const uint GfxClock = 0;
    private const uint MemoryClock = 4;
    private const uint HotspotTemperature = 1;
    private const uint MemoryTemperature = 2;
    private const uint CriticalMetric = 5;
    private const uint EmergencyMetric = 7;
    private const uint Vram = 0;
    private const ulong MemoryControllers = 1;

    // The version whose rsmi_frequencies_t is known: before, it had no has_deep_sleep and fewer places.
    private const uint KnownMajor = 7;
    internal const int FrequencyCount = 4;
    internal const int Frequencies = 16;
    internal const int Lanes = 280;
    private const uint MostFrequencies = 33;

    // rsmi_process_info_t
    internal const int ProcessBytes = 32;
    internal const int ProcessMemory = 8;
    private const uint MostProcesses = 1024;

    public DeviceState ReadState(AmdGpuMetrics metrics)
    {
        byte[] scratch = new byte[ScratchBytes];
        return new DeviceState
        {
            Name = Text(
                "rsmi_dev_name_get",
                (get, text) => ((delegate* unmanaged<uint, byte*, nuint, uint>)get)(_index, (byte*)text, TextBytes)
            ),
            Uuid = ReadUuid(),
            PciBusId = ReadPlace(),
            DriverVersion = Text(
                "rsmi_version_str_get",
                (get, text) => ((delegate* unmanaged<uint, byte*, uint, uint>)get)(0, (byte*)text, TextBytes)
            ),
            MemoryTotalBytes = Typed<long>("rsmi_dev_memory_total_get", Vram, AmdValues.Signed),
            MemoryUsedBytes = Typed<long>("rsmi_dev_memory_usage_get", Vram, AmdValues.Signed),
            MemoryBusWidthBits = AmdReasons.Unavailable<int>(Kind, AmdStatus.NotSupported),
            PowerLimits = ReadPowerLimits(),
            Clocks = new ClockState
            {
                CoreMaximumHz = MaximumClock(scratch, GfxClock),
                MemoryMaximumHz = MaximumClock(scratch, MemoryClock),
            },
            Thermal = new ThermalState
            {
                SlowdownCelsius = Threshold(HotspotTemperature, CriticalMetric),
                ShutdownCelsius = Threshold(HotspotTemperature, EmergencyMetric),
                MemoryMaximumCelsius = Threshold(MemoryTemperature, CriticalMetric),
            },
            MemoryErrors = ReadErrors(),
            Pcie = ReadPcie(scratch, metrics),
            Links = AmdReasons.Unavailable<IReadOnlyList<LinkState>>(Kind, AmdStatus.NotSupported),
            Processes = ReadProcesses(),
        };
    }

    private Reading<T> Told<T>(AmdStatus status, T? value)
        where T : struct =>
        status != AmdStatus.Success ? AmdReasons.Unavailable<T>(Kind, status)
        : value is { } told ? Reading.Of(told)
        : AmdReasons.Unavailable<T>(Kind, AmdStatus.NotAvailable);

    // Calls what writes one number of 64 bits.
    private AmdStatus Number(string function, out ulong number)
    {
        ulong value = ulong.MaxValue;
        AmdStatus status = Fill(_file.Find(function), new Span<byte>(&value, sizeof(ulong)));
        number = value;
        return status;
    }

    // Calls what takes a kind or a sensor and writes one number of 64 bits.
    private Reading<T> Typed<T>(string function, uint type, Func<ulong, T?> value)
        where T : struct
    {
        nint get = _file.Find(function);
        ulong number = ulong.MaxValue;
        AmdStatus status =
            get == 0
                ? AmdStatus.SymbolMissing
                : RocmSmiStatus.Of(((delegate* unmanaged<uint, uint, ulong*, uint>)get)(_index, type, &number));
        return Told(status, value(number));
    }

    private Reading<string> Text(string function, Func<nint, nint, uint> call)
    {
        nint get = _file.Find(function);
        byte* text = stackalloc byte[TextBytes];
        new Span<byte>(text, TextBytes).Clear();
        AmdStatus status = get == 0 ? AmdStatus.SymbolMissing : RocmSmiStatus.Of(call(get, (nint)text));
        int end = new ReadOnlySpan<byte>(text, TextBytes).IndexOf((byte)0);
        return status != AmdStatus.Success ? AmdReasons.Unavailable<string>(Kind, status)
            : end > 0 ? Reading.Of(Encoding.UTF8.GetString(text, end))
            : AmdReasons.Unavailable<string>(Kind, AmdStatus.NotAvailable);
    }

    private Reading<string> ReadUuid()
    {
        AmdStatus status = Number("rsmi_dev_unique_id_get", out ulong id);
        return status != AmdStatus.Success || id is 0 or ulong.MaxValue
            ? AmdReasons.Unavailable<string>(Kind, status == AmdStatus.Success ? AmdStatus.NotAvailable : status)
            : Reading.Of($"0x{id:x}");
    }

    private Reading<string> ReadPlace()
    {
        AmdStatus status = Number("rsmi_dev_pci_id_get", out ulong id);
        return status == AmdStatus.Success
            ? Reading.Of(Address(id).ToString())
            : AmdReasons.Unavailable<string>(Kind, status);
    }

    private PowerLimitState ReadPowerLimits()
    {
        nint getRange = _file.Find("rsmi_dev_power_cap_range_get");
        (ulong highest, ulong lowest) = (ulong.MaxValue, ulong.MaxValue);
        AmdStatus range =
            getRange == 0
                ? AmdStatus.SymbolMissing
                : RocmSmiStatus.Of(
                    ((delegate* unmanaged<uint, uint, ulong*, ulong*, uint>)getRange)(_index, 0, &highest, &lowest)
                );
        AmdStatus hasDefault = Number("rsmi_dev_power_cap_default_get", out ulong usual);
        return new PowerLimitState
        {
            EnforcedWatts = Typed<double>("rsmi_dev_power_cap_get", 0, AmdValues.CapWatts),
            DefaultWatts = Told(hasDefault, AmdValues.CapWatts(usual)),
            MinimumWatts = Told(range, AmdValues.CapWatts(lowest)),
            MaximumWatts = Told(range, AmdValues.CapWatts(highest)),
        };
    }

    private Reading<double> MaximumClock(byte[] scratch, uint clock)
    {
        nint get = _file.Find("rsmi_dev_gpu_clk_freq_get");
        AmdStatus status =
            get == 0 ? AmdStatus.SymbolMissing
            : _major != KnownMajor ? AmdStatus.UnknownLayout
            : AmdStatus.Success;
        if (status == AmdStatus.Success)
        {
            Array.Fill(scratch, (byte)0xFF);
            fixed (byte* bytes = scratch)
            {
                status = RocmSmiStatus.Of(((delegate* unmanaged<uint, uint, byte*, uint>)get)(_index, clock, bytes));
            }
        }

        return Told(status, status == AmdStatus.Success && Fastest(scratch) is { } one ? one.PerSecond : (double?)null);
    }

    // The fastest of rsmi_frequencies_t and its number; null where the structure holds none.
    private static (ulong PerSecond, int Index)? Fastest(ReadOnlySpan<byte> frequencies)
    {
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(frequencies[FrequencyCount..]);
        (ulong PerSecond, int Index)? fastest = null;
        for (int i = 0; count <= MostFrequencies && i < count; i++)
        {
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(frequencies[(Frequencies + (i * sizeof(ulong)))..]);
            if (value is > 0 and < ulong.MaxValue && (fastest is null || value > fastest.Value.PerSecond))
            {
                fastest = (value, i);
            }
        }

        return fastest;
    }

    // Thousandths of a degree, where amdsmi gives degrees.
    private Reading<double> Threshold(uint sensor, uint metric)
    {
        nint get = _file.Find("rsmi_dev_temp_metric_get");
        long millidegrees = long.MaxValue;
        AmdStatus status =
            get == 0
                ? AmdStatus.SymbolMissing
                : RocmSmiStatus.Of(
                    ((delegate* unmanaged<uint, uint, uint, long*, uint>)get)(_index, sensor, metric, &millidegrees)
                );
        return Told(status, millidegrees is > 0 and < 1_000_000 ? millidegrees / 1e3 : (double?)null);
    }

    private MemoryErrorState ReadErrors()
    {
        AmdStatus enabled = Number("rsmi_dev_ecc_enabled_get", out ulong blocks);
        nint getCount = _file.Find("rsmi_dev_ecc_count_get");
        ulong* counts = stackalloc ulong[2];
        (counts[0], counts[1]) = (ulong.MaxValue, ulong.MaxValue);
        AmdStatus counted =
            getCount == 0
                ? AmdStatus.SymbolMissing
                : RocmSmiStatus.Of(
                    ((delegate* unmanaged<uint, ulong, ulong*, uint>)getCount)(_index, MemoryControllers, counts)
                );
        nint getPages = _file.Find("rsmi_dev_memory_reserved_pages_get");
        AmdRetiredPages pages =
            getPages == 0
                ? new AmdRetiredPages(AmdStatus.SymbolMissing)
                : AmdRetiredPages.Read(
                    (count, records) =>
                        RocmSmiStatus.Of(
                            ((delegate* unmanaged<uint, uint*, byte*, uint>)getPages)(
                                _index,
                                (uint*)count,
                                (byte*)records
                            )
                        )
                );
        return new MemoryErrorState
        {
            IsEccEnabled = Told<bool>(enabled, (blocks & MemoryControllers) != 0),
            CorrectedSinceLoad = Told(counted, AmdValues.Signed(counts[0])),
            UncorrectedSinceLoad = Told(counted, AmdValues.Signed(counts[1])),
            RemappedUncorrectable = Told<long>(pages.Status, pages.Retired),
            IsRemappingPending = Told<bool>(pages.Status, pages.Pending > 0),
            HasRemappingFailed = Told<bool>(pages.Status, pages.Failed > 0),
        };
    }

    private PcieState ReadPcie(byte[] scratch, AmdGpuMetrics metrics)
    {
        Array.Fill(scratch, (byte)0xFF);
        AmdStatus status =
            _major != KnownMajor ? AmdStatus.UnknownLayout : Fill(_file.Find("rsmi_dev_pci_bandwidth_get"), scratch);
        (ulong PerSecond, int Index)? fastest = status == AmdStatus.Success ? Fastest(scratch) : null;
        uint lanes = fastest is { } one
            ? BinaryPrimitives.ReadUInt32LittleEndian(scratch.AsSpan(Lanes + (one.Index * sizeof(uint))))
            : 0;
        AmdStatus replayed = Number("rsmi_dev_pci_replay_counter_get", out ulong replays);
        return new PcieState
        {
            Generation = Told(AmdStatus.Success, metrics.PcieGeneration),
            MaximumGeneration = Told(status, PcieSpeed.Generation((fastest?.PerSecond ?? 0) / 1e9)),
            Width = Told(AmdStatus.Success, metrics.PcieWidth),
            MaximumWidth = Told(status, lanes is > 0 and <= 32 ? (int)lanes : (int?)null),
            Replays = Told(replayed, AmdValues.Signed(replays)),
        };
    }

    private Reading<IReadOnlyList<ProcessState>> ReadProcesses()
    {
        nint getAll = _file.Find("rsmi_compute_process_info_get");
        nint getOne = _file.Find("rsmi_compute_process_info_by_device_get");
        uint count = MostProcesses;
        byte[] all = new byte[MostProcesses * ProcessBytes];
        AmdStatus status = AmdStatus.SymbolMissing;
        if (getAll != 0 && getOne != 0)
        {
            fixed (byte* bytes = all)
            {
                status = RocmSmiStatus.Of(((delegate* unmanaged<byte*, uint*, uint>)getAll)(bytes, &count));
            }
        }

        if (status != AmdStatus.Success)
        {
            return AmdReasons.Unavailable<IReadOnlyList<ProcessState>>(Kind, status);
        }

        var processes = new List<ProcessState>();
        byte* process = stackalloc byte[2 * ProcessBytes];
        for (int i = 0; i < Math.Min(count, MostProcesses); i++)
        {
            // The first call names the processes of all devices; the second tells which of them are on this one.
            uint id = BinaryPrimitives.ReadUInt32LittleEndian(all.AsSpan(i * ProcessBytes));
            new Span<byte>(process, 2 * ProcessBytes).Fill(0xFF);
            if (((delegate* unmanaged<uint, uint, byte*, uint>)getOne)(id, _index, process) == 0)
            {
                processes.Add(
                    new ProcessState(id, Told(AmdStatus.Success, AmdValues.Signed(*(ulong*)(process + ProcessMemory))))
                );
            }
        }

        return Reading.Of<IReadOnlyList<ProcessState>>(processes);
    }
}

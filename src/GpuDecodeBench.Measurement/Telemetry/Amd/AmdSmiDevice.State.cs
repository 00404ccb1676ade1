using System.Text;

namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>This part: what seldom changes.</summary>
internal sealed unsafe partial class AmdSmiDevice
{
    private const int ScratchBytes = 64 << 10;
    private const uint GfxClock = 0;
    private const uint MemoryClock = 4;
    private const uint HotspotTemperature = 1;
    private const uint MemoryTemperature = 2;
    private const uint CriticalMetric = 5;
    private const uint EmergencyMetric = 7;
    private const uint Vram = 0;
    private const int MostLinks = 64;
    private const ulong MemoryControllers = 1;

    public DeviceState ReadState(AmdGpuMetrics metrics)
    {
        byte[] scratch = new byte[ScratchBytes];
        return new DeviceState
        {
            // market_name stands first in every version of amdsmi_asic_info_t.
            Name = Text(scratch, "amdsmi_get_gpu_asic_info"),
            Uuid = ReadUuid(),
            PciBusId = ReadPlace(),

            // driver_version stands first from 24 on; driver_name did before.
            DriverVersion =
                _year < 24
                    ? AmdReasons.Unavailable<string>(Kind, AmdStatus.UnknownLayout)
                    : Text(scratch, "amdsmi_get_gpu_driver_info"),
            MemoryTotalBytes = Memory("amdsmi_get_gpu_memory_total"),
            MemoryUsedBytes = Memory("amdsmi_get_gpu_memory_usage"),
            MemoryBusWidthBits = ReadBusWidth(scratch),
            PowerLimits = ReadPowerLimits(scratch),
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
            MemoryErrors = ReadErrors(scratch),
            Pcie = ReadPcie(scratch, metrics),
            Links = ReadLinks(scratch),
            Processes = ReadProcesses(scratch),
        };
    }

    private Reading<T> Told<T>(AmdStatus status, T? value)
        where T : struct =>
        status != AmdStatus.Success ? AmdReasons.Unavailable<T>(Kind, status)
        : value is { } told ? Reading.Of(told)
        : AmdReasons.Unavailable<T>(Kind, AmdStatus.NotAvailable);

    private Reading<string> Text(byte[] scratch, string function)
    {
        AmdStatus status = Fill(_file.Find(function), scratch);
        return status == AmdStatus.Success ? Terminated(scratch) : AmdReasons.Unavailable<string>(Kind, status);
    }

    private Reading<string> Terminated(ReadOnlySpan<byte> bytes)
    {
        const int Longest = 256;
        int end = bytes[..Longest].IndexOf((byte)0);
        return end > 0
            ? Reading.Of(Encoding.UTF8.GetString(bytes[..end]))
            : AmdReasons.Unavailable<string>(Kind, AmdStatus.NotAvailable);
    }

    private Reading<string> ReadUuid()
    {
        const int UuidBytes = 256;
        nint get = _file.Find("amdsmi_get_gpu_device_uuid");
        byte* text = stackalloc byte[UuidBytes];
        new Span<byte>(text, UuidBytes).Clear();
        uint length = UuidBytes;
        AmdStatus status =
            get == 0
                ? AmdStatus.SymbolMissing
                : AmdSmiStatus.Of(((delegate* unmanaged<nint, uint*, byte*, uint>)get)(_device, &length, text));
        return status == AmdStatus.Success
            ? Terminated(new ReadOnlySpan<byte>(text, UuidBytes))
            : AmdReasons.Unavailable<string>(Kind, status);
    }

    private Reading<string> ReadPlace()
    {
        AmdStatus status = Number("amdsmi_get_gpu_device_bdf", out ulong place);
        return status == AmdStatus.Success
            ? Reading.Of(
                new PciAddress(
                    (uint)(place >> 16),
                    (byte)(place >> 8),
                    (byte)((place >> 3) & 0x1F),
                    (byte)(place & 7)
                ).ToString()
            )
            : AmdReasons.Unavailable<string>(Kind, status);
    }

    // Calls what writes one number of 64 bits.
    private AmdStatus Number(string function, out ulong number)
    {
        ulong value = ulong.MaxValue;
        AmdStatus status = Fill(_file.Find(function), new Span<byte>(&value, sizeof(ulong)));
        number = value;
        return status;
    }

    private Reading<long> Memory(string function)
    {
        nint get = _file.Find(function);
        ulong bytes = ulong.MaxValue;
        AmdStatus status =
            get == 0
                ? AmdStatus.SymbolMissing
                : AmdSmiStatus.Of(((delegate* unmanaged<nint, uint, ulong*, uint>)get)(_device, Vram, &bytes));
        return Told(status, AmdValues.Signed(bytes));
    }

    private Reading<int> ReadBusWidth(byte[] scratch)
    {
        AmdStatus status = _layout is null
            ? AmdStatus.UnknownLayout
            : Fill(_file.Find("amdsmi_get_gpu_vram_info"), scratch);
        uint bits = Word(scratch, _layout?.MemoryWidth ?? 0);
        return Told(status, bits is > 0 and < ushort.MaxValue ? (int)bits : (int?)null);
    }

    private PowerLimitState ReadPowerLimits(byte[] scratch)
    {
        nint get = _file.Find("amdsmi_get_power_cap_info");
        AmdStatus status = AmdStatus.SymbolMissing;
        if (get != 0)
        {
            Array.Fill(scratch, (byte)0xFF);
            fixed (byte* bytes = scratch)
            {
                status = AmdSmiStatus.Of(((delegate* unmanaged<nint, uint, byte*, uint>)get)(_device, 0, bytes));
            }
        }

        Reading<double> Cap(int offset) => Told(status, AmdValues.CapWatts(Long(scratch, offset)));

        return new PowerLimitState
        {
            EnforcedWatts = Cap(AmdSmiLayout.CapCurrent),
            DefaultWatts = Cap(AmdSmiLayout.CapDefault),
            MinimumWatts = Cap(AmdSmiLayout.CapMinimum),
            MaximumWatts = Cap(AmdSmiLayout.CapMaximum),
        };
    }

    private Reading<double> MaximumClock(byte[] scratch, uint clock)
    {
        nint get = _file.Find("amdsmi_get_clock_info");
        AmdStatus status = AmdStatus.SymbolMissing;
        if (get != 0)
        {
            Array.Fill(scratch, (byte)0xFF);
            fixed (byte* bytes = scratch)
            {
                status = AmdSmiStatus.Of(((delegate* unmanaged<nint, uint, byte*, uint>)get)(_device, clock, bytes));
            }
        }

        return Told(
            status,
            Word(scratch, AmdSmiLayout.ClockMaximum) is var megahertz and > 0 and < ushort.MaxValue
                ? megahertz * 1e6
                : (double?)null
        );
    }

    // Degrees, where rocm_smi gives thousandths.
    private Reading<double> Threshold(uint sensor, uint metric)
    {
        nint get = _file.Find("amdsmi_get_temp_metric");
        long degrees = long.MaxValue;
        AmdStatus status =
            get == 0
                ? AmdStatus.SymbolMissing
                : AmdSmiStatus.Of(
                    ((delegate* unmanaged<nint, uint, uint, long*, uint>)get)(_device, sensor, metric, &degrees)
                );
        return Told(status, degrees is > 0 and < 1000 ? degrees : (double?)null);
    }

    private MemoryErrorState ReadErrors(byte[] scratch)
    {
        AmdStatus enabled = Number("amdsmi_get_gpu_ecc_enabled", out ulong blocks);
        AmdStatus counted = Fill(_file.Find("amdsmi_get_gpu_total_ecc_count"), scratch);
        ulong correctable = Long(scratch, AmdSmiLayout.ErrorsCorrectable);
        ulong uncorrectable = Long(scratch, AmdSmiLayout.ErrorsUncorrectable);
        nint getPages = _file.Find("amdsmi_get_gpu_bad_page_info");
        AmdRetiredPages pages =
            getPages == 0
                ? new AmdRetiredPages(AmdStatus.SymbolMissing)
                : AmdRetiredPages.Read(
                    (count, records) =>
                        AmdSmiStatus.Of(
                            ((delegate* unmanaged<nint, uint*, byte*, uint>)getPages)(
                                _device,
                                (uint*)count,
                                (byte*)records
                            )
                        )
                );
        return new MemoryErrorState
        {
            IsEccEnabled = Told(enabled, (bool?)((blocks & MemoryControllers) != 0)),
            CorrectedSinceLoad = Told(counted, AmdValues.Signed(correctable)),
            UncorrectedSinceLoad = Told(counted, AmdValues.Signed(uncorrectable)),
            RemappedUncorrectable = Told(pages.Status, (long?)pages.Retired),
            IsRemappingPending = Told(pages.Status, (bool?)(pages.Pending > 0)),
            HasRemappingFailed = Told(pages.Status, (bool?)(pages.Failed > 0)),
        };
    }

    private PcieState ReadPcie(byte[] scratch, AmdGpuMetrics metrics)
    {
        AmdStatus status = _year < 24 ? AmdStatus.UnknownLayout : Fill(_file.Find("amdsmi_get_pcie_info"), scratch);
        int width = (int)(Word(scratch, AmdSmiLayout.PcieMaximumWidth) & ushort.MaxValue);

        // Its unit is GT/s by the header and thousandths of it in the library of 24.7; the two cannot be mistaken for each other.
        uint speed = Word(scratch, AmdSmiLayout.PcieMaximumSpeed);
        double gigatransfers = speed >= 1000 ? speed / 1e3 : speed;
        return new PcieState
        {
            Generation = Told(AmdStatus.Success, metrics.PcieGeneration),
            MaximumGeneration = Told(status, PcieSpeed.Generation(gigatransfers)),
            Width = Told(AmdStatus.Success, metrics.PcieWidth),
            MaximumWidth = Told(status, width is > 0 and <= 32 ? width : (int?)null),
            Replays = Told(AmdStatus.Success, metrics.PcieReplays),
        };
    }

    private Reading<IReadOnlyList<LinkState>> ReadLinks(byte[] scratch)
    {
        AmdStatus status = _layout is null
            ? AmdStatus.UnknownLayout
            : Fill(_file.Find("amdsmi_get_link_metrics"), scratch);
        uint count = Word(scratch, 0);
        if (status != AmdStatus.Success || count > MostLinks)
        {
            return AmdReasons.Unavailable<IReadOnlyList<LinkState>>(
                Kind,
                status == AmdStatus.Success ? AmdStatus.NotAvailable : status
            );
        }

        var links = new List<LinkState>();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> link = scratch.AsSpan(AmdSmiLayout.Links + (i * _layout!.LinkBytes));
            if (Word(link, AmdSmiLayout.LinkType) == _layout.XgmiLink)
            {
                uint gigabits = Word(link, AmdSmiLayout.LinkMaximumGigabits);
                links.Add(
                    new LinkState(
                        i,
                        AmdReasons.Unavailable<bool>(Kind, AmdStatus.NotSupported),
                        Told(
                            AmdStatus.Success,
                            gigabits is > 0 and < uint.MaxValue ? gigabits * 1e9 / 8 : (double?)null
                        )
                    )
                );
            }
        }

        return Reading.Of<IReadOnlyList<LinkState>>(links);
    }

    private Reading<IReadOnlyList<ProcessState>> ReadProcesses(byte[] scratch)
    {
        nint get = _file.Find("amdsmi_get_gpu_process_list");
        AmdStatus status =
            _layout is null ? AmdStatus.UnknownLayout
            : get == 0 ? AmdStatus.SymbolMissing
            : AmdStatus.Success;
        uint room = _layout is null ? 0 : (uint)(scratch.Length / _layout.ProcessBytes);
        uint count = room;
        if (status == AmdStatus.Success)
        {
            Array.Fill(scratch, (byte)0xFF);
            fixed (byte* bytes = scratch)
            {
                status = AmdSmiStatus.Of(((delegate* unmanaged<nint, uint*, byte*, uint>)get)(_device, &count, bytes));
            }
        }

        if (status != AmdStatus.Success)
        {
            return AmdReasons.Unavailable<IReadOnlyList<ProcessState>>(Kind, status);
        }

        var processes = new List<ProcessState>();
        for (int i = 0; i < Math.Min(count, room); i++)
        {
            ReadOnlySpan<byte> process = scratch.AsSpan(i * _layout!.ProcessBytes);
            ulong memory = Long(process, _layout.ProcessMemory);
            processes.Add(
                new ProcessState(Word(process, _layout.ProcessId), Told(AmdStatus.Success, AmdValues.Signed(memory)))
            );
        }

        return Reading.Of<IReadOnlyList<ProcessState>>(processes);
    }
}

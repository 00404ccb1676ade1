using System.Buffers.Binary;
using GpuDecodeBench.Backends.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>What is read now and then.</summary>
internal sealed unsafe partial class NvmlLibrary
{
    /// <summary>Bytes of a process in version 1: number and memory.</summary>
    private const int OldProcessBytes = 16;

    /// <summary>Bytes of a process since version 2: the MIG instance beside.</summary>
    private const int ProcessBytes = 24;

    /// <summary>Bytes of a process in some drivers' version 3: protected memory beside.</summary>
    private const int LongProcessBytes = 32;

    /// <summary>What room for processes is filled with, to see how much was written: no process has numbers of this byte.</summary>
    private const byte Unwritten = 0xA5;

    /// <summary>How often processes are asked for again because some came or went in between.</summary>
    private const int ProcessAttempts = 8;

    private readonly nint[] _pairs;
    private readonly StateFunctions _state;

    /// <summary>Two numbers.</summary>
    public NvmlReturn Pair(NvmlPair pair, nint device, out uint first, out uint second)
    {
        var get = (delegate* unmanaged<nint, uint*, uint*, NvmlReturn>)_pairs[(int)pair];
        uint one = 0;
        uint two = 0;
        NvmlReturn code = get == null ? NvmlReturn.FunctionNotFound : get(device, &one, &two);
        (first, second) = (one, two);
        return code;
    }

    /// <summary>Memory errors of a kind.</summary>
    public NvmlReturn TotalEccErrors(nint device, uint errors, uint since, out ulong count)
    {
        ulong got = 0;
        NvmlReturn code =
            _state.TotalEccErrors == null
                ? NvmlReturn.FunctionNotFound
                : _state.TotalEccErrors(device, errors, since, &got);
        count = got;
        return code;
    }

    /// <summary>Rows of memory that were replaced: after corrected errors, after others, whether one waits, whether one failed.</summary>
    public NvmlReturn RemappedRows(nint device, out (uint Corrected, uint Uncorrected, uint Pending, uint Failed) rows)
    {
        uint corrected = 0;
        uint uncorrected = 0;
        uint pending = 0;
        uint failed = 0;
        NvmlReturn code =
            _state.RemappedRows == null
                ? NvmlReturn.FunctionNotFound
                : _state.RemappedRows(device, &corrected, &uncorrected, &pending, &failed);
        rows = (corrected, uncorrected, pending, failed);
        return code;
    }

    /// <summary>Memory in all and in use, in bytes; drivers before R510 count what they reserve as used.</summary>
    public NvmlReturn Memory(nint device, out ulong totalBytes, out ulong usedBytes)
    {
        NvmlReturn code = NvmlReturn.FunctionNotFound;
        (totalBytes, usedBytes) = (0, 0);
        if (_state.MemoryV2 != null)
        {
            var memory = new NvmlMemoryV2 { Version = NvmlMemoryV2.VersionWord };
            code = _state.MemoryV2(device, &memory);
            (totalBytes, usedBytes) = (memory.TotalBytes, memory.UsedBytes);
        }

        if (code is NvmlReturn.FunctionNotFound or NvmlReturn.ArgumentVersionMismatch && _state.Memory != null)
        {
            NvmlMemory memory = default;
            code = _state.Memory(device, &memory);
            (totalBytes, usedBytes) = (memory.TotalBytes, memory.UsedBytes);
        }

        return code;
    }

    /// <summary>The device's place on the PCI bus, as the library writes it.</summary>
    public NvmlReturn PciBusId(nint device, out string id)
    {
        NvmlPci pci = default;
        id = string.Empty;
        if (_state.Pci != null)
        {
            NvmlReturn code = _state.Pci(device, &pci);
            id = code == NvmlReturn.Success ? Terminated(pci.Text, NvmlPci.TextBytes) : string.Empty;
            return code;
        }

        if (_state.OldPci == null)
        {
            return NvmlReturn.FunctionNotFound;
        }

        NvmlReturn old = _state.OldPci(device, &pci);
        id = old == NvmlReturn.Success ? Terminated(pci.ShortText, NvmlPci.ShortTextBytes) : string.Empty;
        return old;
    }

    /// <summary>The processes that compute on the device.</summary>
    public NvmlReturn ComputeProcesses(nint device, ICollection<NvmlProcess> processes)
    {
        bool isOld = _state.ProcessesV3 == null && _state.ProcessesV2 == null;
        delegate* unmanaged<nint, uint*, byte*, NvmlReturn> get =
            _state.ProcessesV3 != null ? _state.ProcessesV3
            : _state.ProcessesV2 != null ? _state.ProcessesV2
            : _state.Processes;
        if (get == null)
        {
            return NvmlReturn.FunctionNotFound;
        }

        uint room = 0;
        NvmlReturn code = get(device, &room, null);
        for (int attempt = 0; attempt < ProcessAttempts && room > 0; attempt++)
        {
            byte[] bytes = new byte[room * LongProcessBytes];
            Array.Fill(bytes, Unwritten);
            uint count = room;
            fixed (byte* first = bytes)
            {
                code = get(device, &count, first);
            }

            // With room for exactly those there are, what lies beyond tells their size; another number wants another call.
            if (code == NvmlReturn.Success && count == room)
            {
                Add(bytes, isOld ? OldProcessBytes : StrideOf(bytes), processes);
                return code;
            }

            if (code is not (NvmlReturn.Success or NvmlReturn.InsufficientSize))
            {
                return code;
            }

            (room, code) = (count, count == 0 ? NvmlReturn.Success : NvmlReturn.NotReady);
        }

        return code;
    }

    private static void Add(byte[] bytes, int stride, ICollection<NvmlProcess> processes)
    {
        for (int i = 0; i < bytes.Length / LongProcessBytes; i++)
        {
            ReadOnlySpan<byte> process = bytes.AsSpan(i * stride, OldProcessBytes);
            processes.Add(
                new NvmlProcess(
                    BinaryPrimitives.ReadUInt32LittleEndian(process),
                    BinaryPrimitives.ReadUInt64LittleEndian(process[8..])
                )
            );
        }
    }

    /// <summary>
    /// The bytes of a process as this driver writes it. Drivers R535 (and some later) write 32 where the headers of the same name
    /// say 24 (https://github.com/XuehaiPan/nvitop/pull/79), so that the first bytes beyond what 24 each take tell.
    /// </summary>
    private static int StrideOf(byte[] bytes) =>
        bytes.AsSpan(bytes.Length / LongProcessBytes * ProcessBytes).ContainsAnyExcept(Unwritten)
            ? LongProcessBytes
            : ProcessBytes;

    private readonly struct StateFunctions(NativeSymbols symbols)
    {
        public readonly delegate* unmanaged<nint, uint, uint, ulong*, NvmlReturn> TotalEccErrors = (delegate* unmanaged<
            nint,
            uint,
            uint,
            ulong*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetTotalEccErrors");

        public readonly delegate* unmanaged<nint, uint*, uint*, uint*, uint*, NvmlReturn> RemappedRows =
            (delegate* unmanaged<nint, uint*, uint*, uint*, uint*, NvmlReturn>)symbols.Get("nvmlDeviceGetRemappedRows");

        public readonly delegate* unmanaged<nint, NvmlMemoryV2*, NvmlReturn> MemoryV2 = (delegate* unmanaged<
            nint,
            NvmlMemoryV2*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetMemoryInfo_v2");

        public readonly delegate* unmanaged<nint, NvmlMemory*, NvmlReturn> Memory = (delegate* unmanaged<
            nint,
            NvmlMemory*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetMemoryInfo");

        public readonly delegate* unmanaged<nint, NvmlPci*, NvmlReturn> Pci = (delegate* unmanaged<
            nint,
            NvmlPci*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetPciInfo_v3");

        public readonly delegate* unmanaged<nint, NvmlPci*, NvmlReturn> OldPci = (delegate* unmanaged<
            nint,
            NvmlPci*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetPciInfo_v2", "nvmlDeviceGetPciInfo");

        public readonly delegate* unmanaged<nint, uint*, byte*, NvmlReturn> ProcessesV3 = (delegate* unmanaged<
            nint,
            uint*,
            byte*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetComputeRunningProcesses_v3");

        public readonly delegate* unmanaged<nint, uint*, byte*, NvmlReturn> ProcessesV2 = (delegate* unmanaged<
            nint,
            uint*,
            byte*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetComputeRunningProcesses_v2");

        public readonly delegate* unmanaged<nint, uint*, byte*, NvmlReturn> Processes = (delegate* unmanaged<
            nint,
            uint*,
            byte*,
            NvmlReturn>)
            symbols.Get("nvmlDeviceGetComputeRunningProcesses");
    }
}

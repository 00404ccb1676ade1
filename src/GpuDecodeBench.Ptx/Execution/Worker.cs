using GpuDecodeBench.Ptx.Counters;
using GpuDecodeBench.Ptx.Decoding;
using GpuDecodeBench.Ptx.Memory;
using GpuDecodeBench.Ptx.Ordering;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Runs CTAs one after the other on one host thread.</summary>
internal sealed unsafe class Worker : IDisposable
{
    private readonly Launch _launch;
    private readonly Cta _cta;
    private readonly GlobalView _global;
    private readonly ThreadMemory _local;
    private readonly ulong* _addresses;
    private readonly byte** _pointers;
    private readonly bool _canConflict;
    private bool _prepared;

    public Worker(Launch launch, int index)
    {
        _launch = launch;
        Index = index;
        var options = launch.Options;
        _global = new(launch.Memory, Counters, options.CheckUninitialisedReads, launch.Order);
        _canConflict = launch.Order is { CanConflict: true };
        Shared = new(launch.SharedBytes, Counters, options.CheckRaces, options.CheckUninitialisedReads);
        _local = new(launch.Threads, launch.Program.LocalBytes, Counters, options.CheckUninitialisedReads);
        _addresses = (ulong*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(32 * 8 * 2, 64);
        _pointers = (byte**)(_addresses + 32);
        _cta = new(this);
        _cta.Warps =
        [
            .. Enumerable.Range(0, (launch.Threads + 31) / 32).Select(i => new Warp(_cta, i, launch.Program, Counters)),
        ];
    }

    public int Index { get; }

    public WorkerCounters Counters { get; } = new();

    public SharedMemory Shared { get; }

    /// <summary>How the launch stands to others of its chain; null where it has none.</summary>
    public LaunchOrder? Order => _launch.Order;

    public void RunCta(long linear, CancellationToken cancellation)
    {
        var index = _launch.Grid.IndexAt(linear);
        Shared.Begin(_launch.SharedBytes);
        _local.Begin();
        foreach (var warp in _cta.Warps)
        {
            RegisterFile.Prepare(_launch, warp, index, Index, !_prepared);
        }
        _prepared = true;
        _cta.Run(index, _launch.Threads, cancellation);
    }

    public void Run(Warp warp, int budget)
    {
        try
        {
            warp.Run(budget);
            if (warp.Clock > _launch.Options.WarpInstructionLimit)
            {
                throw new FaultSignal(
                    PtxFaultKind.InstructionLimit,
                    $"a warp ran {warp.Clock} instructions",
                    System.Numerics.BitOperations.TrailingZeroCount(warp.Live | 1u << 31)
                );
            }
        }
        catch (FaultSignal signal)
        {
            throw Fault(signal, warp, warp.Current);
        }
    }

    public PtxFaultException Fault(FaultSignal signal, Warp warp, PtxInstruction? instruction) =>
        new(
            signal.Kind,
            signal.Message,
            _launch.Kernel.Name,
            instruction,
            _cta.Index,
            _launch.Block.IndexAt((warp.Index * 32) + signal.Lane),
            signal.Address
        );

    /// <summary>Room for a request's addresses.</summary>
    public ulong* Addresses => _addresses;

    /// <summary>Room for a request's host pointers.</summary>
    public byte** Pointers => _pointers;

    /// <summary>Checks and counts a request at <see cref="Addresses"/>, leaving host pointers in <see cref="Pointers"/>.</summary>
    public void Resolve(Warp warp, uint mask, AddressSpace space, int bytes, AccessKind kind)
    {
        switch (space)
        {
            case AddressSpace.Global:
                ResolveGlobal(warp, mask, bytes, kind);
                break;
            case AddressSpace.Shared:
                Shared.Resolve(warp, mask, _addresses, bytes, kind, _pointers);
                break;
            case AddressSpace.Local:
                _local.Resolve(warp, mask, _addresses, bytes, kind, _pointers);
                break;
            case AddressSpace.Parameter:
                ResolveParameters(mask, bytes, kind);
                break;
            default:
                ResolveGeneric(warp, mask, bytes, kind);
                break;
        }
    }

    /// <summary>Pointer to a few bytes of global memory one lane reads, checked byte by byte.</summary>
    public byte* Part(Warp warp, ulong address, int count, int lane) =>
        count == 0 ? null : Range(warp, address, count, lane, 1, AccessKind.Read);

    /// <summary>Pointer to a range of global memory a bulk copy touches; counted as 16-byte accesses.</summary>
    public byte* Bulk(Warp warp, ulong address, int count, int lane, AccessKind kind) =>
        Range(warp, address, count, lane, 16, kind);

    /// <summary>Notes a range of global memory that a lane wishes in the second-level cache.</summary>
    public void Prefetch(ulong address, int count, int lane) => _global.Prefetch(address, count, lane);

    public void Dispose()
    {
        foreach (var warp in _cta.Warps)
        {
            warp.Dispose();
        }
        Shared.Dispose();
        _local.Dispose();
        System.Runtime.InteropServices.NativeMemory.AlignedFree(_addresses);
    }

    private byte* Range(Warp warp, ulong address, int count, int lane, int unitBytes, AccessKind kind)
    {
        if (_canConflict)
        {
            _global.IsPastWait = warp.PastWait(1u << lane) != 0;
        }
        return _global.Range(address, count, lane, unitBytes, kind);
    }

    private void ResolveGlobal(Warp warp, uint mask, int bytes, AccessKind kind)
    {
        if (_canConflict)
        {
            var past = warp.PastWait(mask);
            _global.IsPastWait = past == mask;
            if (past != mask && past != 0)
            {
                // Lanes apart: what some may touch, others may not yet.
                _global.Resolve(mask & ~past, _addresses, bytes, kind, _pointers);
                _global.IsPastWait = true;
                mask = past;
            }
        }
        _global.Resolve(mask, _addresses, bytes, kind, _pointers);
    }

    private void ResolveParameters(uint mask, int bytes, AccessKind kind)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = System.Numerics.BitOperations.TrailingZeroCount(mask);
            var address = _addresses[lane];
            if (
                kind != AccessKind.Read
                || address > (ulong)_launch.ParameterBytes
                || address + (ulong)bytes > (ulong)_launch.ParameterBytes
            )
            {
                throw new FaultSignal(
                    kind == AccessKind.Read ? PtxFaultKind.OutOfBounds : PtxFaultKind.IllegalOperation,
                    $"parameter address 0x{address:X} with {bytes} bytes, there are {_launch.ParameterBytes}",
                    lane,
                    address
                );
            }
            if ((address & (ulong)(bytes - 1)) != 0)
            {
                throw new FaultSignal(
                    PtxFaultKind.Misaligned,
                    $"parameter address 0x{address:X} is no multiple of {bytes}",
                    lane,
                    address
                );
            }
            _pointers[lane] = _launch.Parameters + address;
        }
    }

    private void ResolveGeneric(Warp warp, uint mask, int bytes, AccessKind kind)
    {
        while (mask != 0)
        {
            var space = AddressSpaces.Of(_addresses[System.Numerics.BitOperations.TrailingZeroCount(mask)]);
            uint same = 0;
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                var lane = System.Numerics.BitOperations.TrailingZeroCount(rest);
                same |= AddressSpaces.Of(_addresses[lane]) == space ? 1u << lane : 0;
            }
            var window = AddressSpaces.Window(space);
            if (window != 0)
            {
                for (var rest = same; rest != 0; rest &= rest - 1)
                {
                    _addresses[System.Numerics.BitOperations.TrailingZeroCount(rest)] -= window;
                }
            }
            Resolve(warp, same, space, bytes, kind);
            mask &= ~same;
        }
    }
}

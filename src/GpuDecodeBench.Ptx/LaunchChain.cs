using GpuDecodeBench.Ptx.Counters;
using GpuDecodeBench.Ptx.Ordering;

namespace GpuDecodeBench.Ptx;

/// <summary>
/// The launches of one stream or of one replay of a graph, in order, and which of them may still run when the next begins and when
/// its <c>griddepcontrol.wait</c> is over. An emulated device runs them one after the other all the same; with a chain it
/// proves that the order in which a GPU may run them gives the same.
/// <para>
/// PTX ISA, griddepcontrol: a programmatic launch may begin as soon as every CTA of the kernel before it has run
/// <c>launch_dependents</c> or has ended; <c>wait</c> lasts until the prerequisite grids have ended and what they wrote is visible to
/// the grid. It may begin before what the kernel before it wrote is visible, whether that one ran <c>launch_dependents</c> or not
/// (https://docs.nvidia.com/cuda/cuda-programming-guide/04-special-topics/programmatic-dependent-launch.html). The prerequisite is the
/// kernel before it alone, so kernels further back have ended only where that one waited for them, if by one of its threads.
/// </para>
/// <para>
/// A fault is an access to bytes that an earlier kernel, which may still run, wrote; a write or atomic to bytes that it read; and a
/// load with <c>ld.global.nc</c>, even behind the wait, of bytes that a kernel wrote which may have run when this one began. A kernel
/// without a wait is none in itself: what relies on it is.
/// </para>
/// <para>
/// Not noticed: kernels of other streams; copies and fills that touch what a kernel left running uses; accesses that a kernel would
/// only make if it saw what another leaves half done. Taken for a fault although a GPU may do it: atomics of two kernels to the same
/// bytes; accesses of a thread that learnt of another's wait by other means than barriers of its CTA.
/// </para>
/// </summary>
/// <param name="isGraph">
/// Whether it is a graph's replay. There a launch that is not programmatic, a copy or a fill depends on the node before it alone; in a
/// stream it comes after all that is ahead of it. What an edge of a graph means:
/// https://docs.nvidia.com/cuda/cuda-driver-api/structCUgraphEdgeData.html.
/// </param>
public sealed class LaunchChain(bool isGraph = false)
{
    private RunningLaunches _beforeWait = new();
    private RunningLaunches _afterWait = new();

    /// <summary>Launches so far.</summary>
    public long Count { get; private set; }

    /// <summary>Notes work that is no programmatic launch, such as a copy: it and what follows wait for what is ahead.</summary>
    public void NoteOtherWork()
    {
        if (isGraph)
        {
            _beforeWait = _afterWait.Copy();
        }
        else
        {
            Complete();
        }
    }

    /// <summary>Notes that all launches have ended, as the host knows once it has waited for them.</summary>
    public void Complete() => Complete(Count);

    /// <summary>Notes that launches have ended.</summary>
    /// <param name="count">How many, of the first ones.</param>
    public void Complete(long count)
    {
        _beforeWait = _beforeWait.After(count);
        _afterWait = _afterWait.After(count);
    }

    internal LaunchOrder Begin(bool isProgrammatic)
    {
        if (!isProgrammatic)
        {
            NoteOtherWork();
        }
        return new(isProgrammatic, _beforeWait, _afterWait);
    }

    internal void End(LaunchOrder order, string kernel, WorkerCounters counters)
    {
        Count++;
        var left = order.HasWaited ? _afterWait : _beforeWait.Copy(kernel);
        if (order.LetsNextStartAfterWaitOnly)
        {
            _beforeWait = _afterWait.Copy();
        }
        _beforeWait.Add(PastLaunch.Of(Count, kernel, counters, order.LetsNextStart));
        _afterWait = left;
    }
}

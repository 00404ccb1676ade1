using GpuDecodeBench.Ptx.Ordering;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>griddepcontrol in the CTA that runs: which warps waited, and whether the next launch may start before that.</summary>
internal sealed class CtaOrder
{
    private readonly uint[] _waits = new uint[Cta.AsynchronousAgent];
    private bool _hasWaited;
    private bool _letsNextStartBeforeWait;

    public void Begin()
    {
        Array.Clear(_waits);
        _hasWaited = false;
        _letsNextStartBeforeWait = false;
    }

    /// <summary>Notes that lanes of a warp waited, in the segment that the warp is in.</summary>
    public void NoteWait(Warp warp)
    {
        _hasWaited = true;
        if (_waits[warp.Index] == 0)
        {
            _waits[warp.Index] = warp.OwnSegment;
        }
    }

    public void NoteLetsNextStartBeforeWait() => _letsNextStartBeforeWait = true;

    /// <summary>Whether all lanes of a warp know of a wait: its own before it last met, or another warp's through a barrier.</summary>
    public bool IsWaitKnownTo(Warp warp)
    {
        if (!_hasWaited)
        {
            return false;
        }
        for (var i = 0; i < _waits.Length; i++)
        {
            if (_waits[i] != 0 && warp.Knows(i, _waits[i]))
            {
                return true;
            }
        }
        return false;
    }

    public void End(LaunchOrder? order)
    {
        if (_hasWaited && !_letsNextStartBeforeWait)
        {
            order?.NoteLetsNextStartAfterWaitOnly();
        }
    }
}

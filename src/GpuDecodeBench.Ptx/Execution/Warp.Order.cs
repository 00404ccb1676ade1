namespace GpuDecodeBench.Ptx.Execution;

/// <summary>griddepcontrol: which lanes know that the launch before theirs has ended.</summary>
internal sealed unsafe partial class Warp
{
    private uint _pastWait;

    /// <summary>Those of some lanes for which the wait for the launch before is over.</summary>
    public uint PastWait(uint lanes)
    {
        if ((lanes & ~_pastWait) != 0 && Cta.Order.IsWaitKnownTo(this))
        {
            _pastWait = uint.MaxValue;
        }
        return lanes & _pastWait;
    }

    /// <summary>griddepcontrol.wait.</summary>
    public void WaitForEarlierLaunches(uint lanes)
    {
        if (Cta.Worker.Order is { IsProgrammatic: true } order)
        {
            _pastWait |= lanes;
            order.NoteWait();
            Cta.Order.NoteWait(this);
        }
    }

    /// <summary>griddepcontrol.launch_dependents.</summary>
    public void LetNextLaunchStart(uint lanes)
    {
        if (Cta.Worker.Order is not { } order)
        {
            return;
        }
        order.NoteLetsNextStart();
        if (PastWait(lanes) != lanes)
        {
            Cta.Order.NoteLetsNextStartBeforeWait();
        }
    }
}

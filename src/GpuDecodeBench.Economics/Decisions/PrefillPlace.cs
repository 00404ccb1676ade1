namespace GpuDecodeBench.Economics.Decisions;

/// <summary>Where the input tokens of a fleet are taken in.</summary>
public enum PrefillPlace
{
    /// <summary>In turn with decode on the same devices: whoever waits for a token waits for the prefill in between, too.</summary>
    InTurn,

    /// <summary>On instances of its own, of the same devices, so that the step of decode is all that a token takes.</summary>
    Apart,
}

namespace GpuDecodeBench.Economics.Levers;

/// <summary>What a lever changes, in the order in which levers that are pulled together take effect.</summary>
public enum LeverKind
{
    /// <summary>Another device of the catalogue, at its price.</summary>
    Hardware,

    /// <summary>Narrower weights.</summary>
    Weights,

    /// <summary>A narrower cache of keys and values.</summary>
    Kv,

    /// <summary>A small model drafts tokens, and the model checks several in one step.</summary>
    Speculation,

    /// <summary>As many sequences together as memory and a limit on the step's time allow.</summary>
    Batch,

    /// <summary>Input tokens that a cache of prefixes already holds.</summary>
    PrefixCache,

    /// <summary>A part of the traffic goes to a small model first.</summary>
    Routing,

    /// <summary>A larger share of paid time in which tokens are made.</summary>
    Utilization,
}

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>A learned score of each query head that takes part in the softmax and has no value (arXiv 2309.17453).</summary>
internal static unsafe class AttentionSink
{
    /// <summary>What the sink adds to a softmax's denominator; 0 where there are no sinks.</summary>
    /// <param name="sinks">The sinks, one a query head; null where there are none.</param>
    /// <param name="head">The query head.</param>
    /// <param name="largest">The score that the other exponentials are relative to.</param>
    public static float Weight(NativeBuffer? sinks, int head, float largest) =>
        sinks is null ? 0 : MathF.Exp(sinks.Floats[head] - largest);
}

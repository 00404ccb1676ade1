using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends;

/// <summary>What rotates one token: half as many cosines as elements that are rotated, the sines after them.</summary>
internal static class RotaryRow
{
    /// <summary>What rows depend on besides the context: heads whose rotated parts are alike in size and frequencies share them.</summary>
    public static (RopeShape Rope, int Dimension) KeyOf(AttentionShape attention) =>
        attention switch
        {
            GroupedQueryAttention grouped => (grouped.Rope, grouped.HeadDimension),
            MultiHeadLatentAttention latent => (latent.Rope, latent.RotatedDimension),
            _ => throw new NotSupportedException($"There is no backend that rotates {attention.GetType().Name}."),
        };

    /// <summary>Fills the row of the last token of a context.</summary>
    public static void Fill(RopeShape rope, int headDimension, int contextTokens, Span<float> row)
    {
        double[] frequencies = rope.InverseFrequencies(headDimension, contextTokens);
        for (int i = 0; i < frequencies.Length; i++)
        {
            double angle = (contextTokens - 1) * frequencies[i];
            row[i] = (float)(Math.Cos(angle) * rope.Magnitude);
            row[frequencies.Length + i] = (float)(Math.Sin(angle) * rope.Magnitude);
        }
    }
}

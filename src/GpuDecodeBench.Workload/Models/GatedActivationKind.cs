namespace GpuDecodeBench.Workload.Models;

/// <summary>The elementwise function that joins gate g and up u of a gated feed-forward network (arXiv 2002.05202).</summary>
public enum GatedActivationKind
{
    /// <summary>SwiGLU: <c>silu(g) × u</c>, with <c>silu(g) = g / (1 + e^−g)</c>.</summary>
    Silu,

    /// <summary>
    /// GeGLU with the tanh form of GELU (Gemma): <c>g / 2 × (1 + tanh(√(2/π) (g + 0.044715 g³))) × u</c>.
    /// </summary>
    GeluTanh,

    /// <summary>
    /// gpt-oss: <c>g′ = min(g, 7)</c>, <c>u′ = clamp(u, −7, 7)</c>, <c>g′ / (1 + e^(−1.702 g′)) × (u′ + 1)</c> (transformers,
    /// <c>modeling_gpt_oss.py</c>).
    /// </summary>
    ClampedSwiGlu,
}

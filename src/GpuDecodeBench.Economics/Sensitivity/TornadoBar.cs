using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>What one assumption alone does to a result.</summary>
/// <param name="Input">The assumption.</param>
/// <param name="Likely">The result at its likely value.</param>
/// <param name="AtLow">The result at its low value.</param>
/// <param name="AtHigh">The result at its high value.</param>
public sealed record TornadoBar(ModelInput Input, double Likely, double AtLow, double AtHigh)
{
    /// <summary>How far apart the two results are.</summary>
    public double Width => Math.Abs(AtHigh - AtLow);
}

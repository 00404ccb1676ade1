using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>
/// How far an operation's result may lie from the double-precision one, relative to the root mean square of the expected
/// output of the sequence.
/// </summary>
/// <remarks>
/// Weights are decoded exactly on both sides, so only the arithmetic differs. In FP32 a sum of K products of random signs has an
/// error near ε √K of its own size: 7e-6 for K = 14336. One wrong weight in that sum shows as 8e-3. The bounds lie between, well
/// clear of both.
/// </remarks>
public static class CheckBounds
{
    /// <summary>The largest relative error that passes.</summary>
    public static double RelativeError(OperationKind kind, ActivationFormat activations)
    {
        double single = kind switch
        {
            // A copy of decoded weights; a choice among given values; codes that must be equal bit for bit.
            OperationKind.Embedding => 1e-6,
            OperationKind.Argmax or OperationKind.KvAppend => 0,
            OperationKind.RmsNorm or OperationKind.HeadNorm or OperationKind.LatentNorm => 1e-5,
            OperationKind.Rope or OperationKind.Residual => 1e-5,
            // The exponential's own error counts besides the sum's.
            _ => 1e-4,
        };

        // Rounding an output to 16 bits moves it by up to 2^-11 (FP16) or 2^-8 (BF16) of itself, and the largest of a Gaussian
        // sample is some four to five times the root mean square.
        return activations switch
        {
            ActivationFormat.Fp16 => single == 0 ? 0 : single + (5 * 4.9e-4),
            ActivationFormat.Bf16 => single == 0 ? 0 : single + (5 * 3.9e-3),
            _ => single,
        };
    }
}

using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>
/// How far an operation's result may lie from the double-precision one: the rounding of the result to the activations' format,
/// and beyond it an error relative to the root mean square of the expected output of the sequence.
/// </summary>
/// <remarks>
/// Weights are decoded exactly on both sides, so only the arithmetic differs. In FP32 a sum of K products of random signs has an
/// error near ε √K of its own size: 7e-6 for K = 14336. One wrong weight in that sum shows as 8e-3. The bounds lie between, well
/// clear of both, in every format of activations: what rounding an element can explain is taken off before its error is judged.
/// </remarks>
public static class CheckBounds
{
    /// <summary>The largest relative error, beyond rounding the result, that passes.</summary>
    /// <param name="kind">What is computed.</param>
    /// <param name="formats">The step's formats.</param>
    /// <param name="latentHeads">Heads that share a latent; 0 where attention is not over latents.</param>
    public static double RelativeError(OperationKind kind, StepFormats formats, int latentHeads = 0) =>
        kind switch
        {
            // A copy of decoded weights; a choice among given values; codes that must be equal bit for bit.
            OperationKind.Embedding => 1e-6,
            OperationKind.Argmax or OperationKind.KvAppend => 0,
            OperationKind.RmsNorm or OperationKind.HeadNorm or OperationKind.LatentNorm => 1e-5,
            OperationKind.Rope or OperationKind.Residual => 1e-5,
            OperationKind.Attention => 1e-4 + RoundedWeights(formats, latentHeads),
            // The exponential's own error counts besides the sum's.
            _ => 1e-4,
        };

    /// <summary>
    /// The most that rounding a value to the activations' format can move it, as a share of the value: half a unit of the last
    /// place, 2^-8 for bfloat16 and 2^-11 for binary16. Nothing is taken off for FP32.
    /// </summary>
    public static double RoundingShare(ActivationFormat activations) =>
        activations switch
        {
            ActivationFormat.Fp16 => 1.0 / 2048,
            ActivationFormat.Bf16 => 1.0 / 256,
            _ => 0,
        };

    /// <summary>
    /// Where attention weights meet the values on matrix units they have eleven bits at least: one binary16 number, or two of
    /// bfloat16. Over latents that many heads share, 33 of 16-bit codes or 17 of 8-bit ones, arithmetic is the bound and a second
    /// number would cost half as much again (kernels/attention_latent.cu), so there they may be one number of the format that the
    /// latents become: eight bits unless these are fp16. Independent errors of up to half a unit have
    /// a root mean square of 1/√3 of that, relative to a sum of as many independent values; the largest of thousands lies some five
    /// times as high.
    /// </summary>
    private static double RoundedWeights(StepFormats formats, int latentHeads) =>
        formats.Activations == ActivationFormat.Fp32 ? 0
        : formats.Kv != KvFormat.Fp16 && latentHeads > (formats.Kv == KvFormat.Bf16 ? 32 : 16) ? 5 / Math.Sqrt(3) / 256
        : 5 / Math.Sqrt(3) / 2048;
}

namespace GpuDecodeBench.Workload.Models;

/// <summary>What makes an expert's score of its logit.</summary>
public enum RouterScoring
{
    /// <summary>The softmax over all experts. Normalised over the chosen ones it is the softmax over those alone.</summary>
    Softmax,

    /// <summary>The logistic function of each logit on its own (DeepSeek-V3).</summary>
    Sigmoid,
}

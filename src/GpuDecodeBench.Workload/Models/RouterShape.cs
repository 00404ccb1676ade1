namespace GpuDecodeBench.Workload.Models;

/// <summary>How a router turns its logits into chosen experts and their weights.</summary>
public sealed record RouterShape
{
    /// <summary>What makes scores of logits.</summary>
    public required RouterScoring Scoring { get; init; }

    /// <summary>Whether the chosen experts' weights are divided by their sum.</summary>
    public required bool NormalizeWeights { get; init; }

    /// <summary>A factor on the weights (DeepSeek's <c>routed_scaling_factor</c>).</summary>
    public double WeightFactor { get; init; } = 1;

    /// <summary>Whether the router's projection has a bias (gpt-oss).</summary>
    public bool Bias { get; init; }

    /// <summary>
    /// Whether a learned bias is added to the scores for the choice alone, not for the weights (DeepSeek-V3's
    /// <c>e_score_correction_bias</c>).
    /// </summary>
    public bool ChoiceBias { get; init; }

    /// <summary>Groups of equally many experts, consecutive; 1 where experts are not grouped.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>
    /// Groups from which a token may choose: those with the largest sum of their two best scores (DeepSeek-V3, arXiv 2412.19437).
    /// </summary>
    public int GroupsPerToken { get; init; } = 1;
}

namespace GpuDecodeBench.Workload.Models;

/// <summary>
/// A mixture of gated feed-forward networks (arXiv 2401.04088, 2412.19437): a router chooses some experts for each token, and
/// their outputs are added by the router's weights; a shared expert, where there is one, is added for every token.
/// </summary>
public sealed record MixtureOfExperts : FeedForwardShape
{
    /// <summary>Experts to choose from.</summary>
    public required int Experts { get; init; }

    /// <summary>Experts chosen for each token.</summary>
    public required int ExpertsPerToken { get; init; }

    /// <summary>Rows of one expert's gate and of its up projection.</summary>
    public required int ExpertIntermediateSize { get; init; }

    /// <summary>Rows of the shared expert's gate and up projection; 0 where there is none.</summary>
    public int SharedIntermediateSize { get; init; }

    /// <summary>Whether the experts' projections have biases (gpt-oss).</summary>
    public bool Bias { get; init; }

    /// <summary>How experts are chosen and weighed.</summary>
    public required RouterShape Router { get; init; }

    /// <summary>
    /// Experts that a batch is expected to touch when each token chooses its experts evenly and on its own:
    /// <c>E (1 − (1 − k/E)^B)</c>.
    /// </summary>
    public double ExpectedDistinctExperts(int batch) =>
        Experts * (1 - Math.Pow(1 - ((double)ExpertsPerToken / Experts), batch));
}

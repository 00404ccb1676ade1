using GpuDecodeBench.Economics.Layers;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>What was chosen from.</summary>
/// <param name="Ranked">What keeps to the limits, the cheapest first.</param>
/// <param name="Excluded">What does not, with why.</param>
public sealed record ChoiceResult(IReadOnlyList<Choice> Ranked, IReadOnlyList<ExcludedChoice> Excluded)
{
    /// <summary>
    /// The costs of all candidates that were priced, at one sequence: the ranked ones, and those too slow, too large, or dearer than
    /// another number of devices. What these depend on decides the choice as well.
    /// </summary>
    public IReadOnlyList<CostStack> Candidates { get; init; } = [];

    /// <summary>All costs that the choice depends on, those of bills among them; none where nothing is ranked.</summary>
    public IReadOnlyList<CostStack> Decisive =>
        Ranked.Count == 0
            ? []
            :
            [
                .. Ranked.SelectMany(choice => (CostStack?[])[choice.Stack, choice.Bill?.Stack]).OfType<CostStack>(),
                .. Candidates,
            ];
}

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>What was chosen from.</summary>
/// <param name="Ranked">What keeps to the limits, the cheapest first.</param>
/// <param name="Excluded">What does not, with why.</param>
public sealed record ChoiceResult(IReadOnlyList<Choice> Ranked, IReadOnlyList<ExcludedChoice> Excluded);

using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>One line of a derivation: an input with where it comes from, or an equation with its numbers put in.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value with its unit.</param>
/// <param name="Formula">The formula; null for an input.</param>
/// <param name="Substituted">The formula with numbers and units in place of symbols; null for an input.</param>
/// <param name="Provenance">Where the value comes from.</param>
/// <param name="Source">Where the formula comes from; null where that is plain, and for inputs.</param>
public sealed record DerivationLine(
    string Symbol,
    string Name,
    string Value,
    string? Formula,
    string? Substituted,
    ProvenanceNote Provenance,
    string? Source
)
{
    /// <summary>The line as text: <c>name: symbol = formula = numbers = value</c>.</summary>
    public override string ToString() =>
        Formula is null
            ? $"{Name}: {Symbol} = {Value} — {CostProvenance.Describe(Provenance)}"
            : $"{Name}: {Symbol} = {Formula} = {Substituted} = {Value} — {CostProvenance.NameOf(Provenance.Kind)}";
}

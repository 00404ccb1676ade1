using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>
/// A number that the model is given: measured, or assumed with a source. Low and high say how far it may be from the value that is
/// most likely; where they are missing it is taken as certain.
/// </summary>
public sealed record ModelInput
{
    /// <summary>An input.</summary>
    /// <param name="symbol">The symbol: letters, digits and underscores, a letter first.</param>
    /// <param name="name">What it is, in a few words.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="value">The likely value in that unit; null exactly where the provenance is unavailable.</param>
    /// <param name="provenance">Where it comes from.</param>
    /// <exception cref="ArgumentException">Value and provenance contradict each other.</exception>
    /// <exception cref="FormatException">The unit is not known.</exception>
    public ModelInput(string symbol, string name, string unit, double? value, ProvenanceNote provenance)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(symbol);
        ArgumentNullException.ThrowIfNull(provenance);
        _ = new Figure(value, provenance);
        Symbol = symbol;
        Name = name;
        Unit = Equations.Unit.Parse(unit);
        Value = value;
        Provenance = provenance;
    }

    /// <summary>The symbol.</summary>
    public string Symbol { get; }

    /// <summary>What it is.</summary>
    public string Name { get; }

    /// <summary>The unit of <see cref="Value"/>, <see cref="Low"/> and <see cref="High"/>.</summary>
    public Unit Unit { get; }

    /// <summary>The likely value; null where unavailable.</summary>
    public double? Value { get; init; }

    /// <summary>The lowest value that is credible; null where the value is certain.</summary>
    public double? Low { get; init; }

    /// <summary>The highest value that is credible; null where the value is certain.</summary>
    public double? High { get; init; }

    /// <summary>Where it comes from.</summary>
    public ProvenanceNote Provenance { get; init; }

    /// <summary>Whether the value is uncertain.</summary>
    public bool IsUncertain => Low is not null && High is not null && Low != High;

    /// <summary>The value in base units; not a number where unavailable.</summary>
    public double BaseValue => Value is double value ? Unit.ToBase(value) : double.NaN;
}

using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>
/// What a million decoded tokens cost, with the five conditions and every input. There is no other way to hold a $/Mtok, and no
/// way to make one without its conditions.
/// </summary>
/// <remarks>
/// <c>UsdPerHour / 3600 / (TokensPerSecond × Utilization) × 1e6</c>. Tokens are those that decode gives out; the time of prefill
/// is part of the paid time in which the hardware does not do this work, and so of the utilisation.
/// </remarks>
public sealed class TokenCost
{
    private const double SecondsPerHour = 3600;
    private const double TokensPerMillion = 1e6;

    private TokenCost(
        Figure usdPerHour,
        Figure utilization,
        double tokensPerSecond,
        ProvenanceNote note,
        CostConditions conditions
    )
    {
        UsdPerHour = usdPerHour;
        Utilization = utilization;
        TokensPerSecond = tokensPerSecond;
        TokensPerSecondProvenance = note;
        Conditions = conditions;
        TokensPerPaidSecond = tokensPerSecond * utilization.Value!.Value;
        UsdPerMillionTokens = usdPerHour.Value!.Value / SecondsPerHour / TokensPerPaidSecond * TokensPerMillion;
        if (!double.IsFinite(UsdPerMillionTokens))
        {
            throw new ArgumentOutOfRangeException(
                nameof(tokensPerSecond),
                tokensPerSecond,
                "The cost is too large to be a number."
            );
        }

        Provenance = CostProvenance.Of(usdPerHour, utilization, note);
    }

    /// <summary>US dollars for a million decoded tokens.</summary>
    public double UsdPerMillionTokens { get; }

    /// <summary>The five conditions.</summary>
    public CostConditions Conditions { get; }

    /// <summary>The price of all the hardware of <see cref="Conditions"/> together, in US dollars per hour.</summary>
    public Figure UsdPerHour { get; }

    /// <summary>The fraction of paid time in which the hardware does this work; the value is that of <see cref="Conditions"/>.</summary>
    public Figure Utilization { get; }

    /// <summary>Tokens per second while the hardware does this work, all sequences together.</summary>
    public double TokensPerSecond { get; }

    /// <summary>Where <see cref="TokensPerSecond"/> comes from.</summary>
    public ProvenanceNote TokensPerSecondProvenance { get; }

    /// <summary>Tokens per second of paid time: tokens per second × utilisation.</summary>
    public double TokensPerPaidSecond { get; }

    /// <summary>
    /// Where the cost comes from: <c>derived</c> where all inputs are measured or given by the user, <c>extrapolated</c> or
    /// <c>predicted</c> where the tokens per second are, else <c>assumed</c>; assumed inputs are named in the detail.
    /// </summary>
    public ProvenanceNote Provenance { get; }

    /// <summary>Computes the cost of a million tokens.</summary>
    /// <param name="usdPerHour">The price of all the hardware together, in US dollars per hour; above 0.</param>
    /// <param name="utilization">The fraction of paid time in which it does this work; the value of the conditions.</param>
    /// <param name="tokensPerSecond">Tokens per second while it does this work, all sequences together; above 0.</param>
    /// <param name="tokensPerSecondProvenance">Where the tokens per second come from.</param>
    /// <param name="conditions">The five conditions.</param>
    /// <exception cref="ArgumentException">An input is unavailable, not positive, or contradicts the conditions.</exception>
    public static TokenCost Compute(
        Figure usdPerHour,
        Figure utilization,
        double tokensPerSecond,
        ProvenanceNote tokensPerSecondProvenance,
        CostConditions conditions
    )
    {
        ArgumentNullException.ThrowIfNull(usdPerHour);
        ArgumentNullException.ThrowIfNull(utilization);
        ArgumentNullException.ThrowIfNull(tokensPerSecondProvenance);
        ArgumentNullException.ThrowIfNull(conditions);
        if (usdPerHour.Value is not > 0)
        {
            throw new ArgumentException("A price above 0 is required.", nameof(usdPerHour));
        }

        if (utilization.Value is not double fraction || fraction != conditions.Utilization)
        {
            throw new ArgumentException(
                $"The utilisation must be that of the conditions, {conditions.Utilization}.",
                nameof(utilization)
            );
        }

        if (!double.IsFinite(tokensPerSecond) || tokensPerSecond <= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(tokensPerSecond),
                tokensPerSecond,
                "A finite rate above 0 is required."
            );
        }

        if (tokensPerSecondProvenance.Kind == Records.Provenance.Unavailable)
        {
            throw new ArgumentException("No cost follows from an unavailable rate.", nameof(tokensPerSecondProvenance));
        }

        return new TokenCost(usdPerHour, utilization, tokensPerSecond, tokensPerSecondProvenance, conditions);
    }

    /// <summary>The derivation, line by line, with numbers and units put in.</summary>
    public IReadOnlyList<string> Explain()
    {
        double perSecond = UsdPerHour.Value!.Value / SecondsPerHour;
        double utilization = Utilization.Value!.Value;
        return
        [
            "Cost = price per second ÷ (tokens per second × utilisation) × 1,000,000.",
            $"Conditions: {Conditions.Describe()}.",
            $"Price: ${Number(UsdPerHour.Value.Value)} per hour for {Conditions.Hardware} — {CostProvenance.Describe(UsdPerHour)}.",
            $"Price per second: ${Number(UsdPerHour.Value.Value)} ÷ 3600 s = ${Number(perSecond)}.",
            $"Rate while busy: {Number(TokensPerSecond)} tokens/s — {CostProvenance.Describe(TokensPerSecondProvenance)}.",
            $"Utilisation: {Number(utilization)} of paid time — {CostProvenance.Describe(Utilization)}.",
            $"Rate over paid time: {Number(TokensPerSecond)} tokens/s × {Number(utilization)} = {Number(TokensPerPaidSecond)} tokens/s.",
            $"Cost: ${Number(perSecond)} ÷ {Number(TokensPerPaidSecond)} tokens/s × 1,000,000 = "
                + $"${Number(UsdPerMillionTokens)} per million decoded tokens — {CostProvenance.NameOf(Provenance.Kind)}.",
        ];
    }

    /// <summary>The cost with its five conditions in one line.</summary>
    public override string ToString() => $"${Number(UsdPerMillionTokens)} per million tokens ({Conditions.Describe()})";

    private static string Number(double value) => SignificantDigits.Format(value, 6);
}

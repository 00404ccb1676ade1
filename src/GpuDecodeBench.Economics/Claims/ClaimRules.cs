using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>What a claim must be to be audited. Every formula is read here, and so checked for its units.</summary>
internal static class ClaimRules
{
    /// <summary>The symbol of the claimed figure in the equations made of it.</summary>
    public const string ResultSymbol = "figure";

    /// <summary>The symbol of another claim's figure in a relation's formula.</summary>
    public const string OtherSymbol = "other";

    /// <exception cref="InputException">A claim is not valid; the sentence names it.</exception>
    public static void Check(
        IReadOnlyList<ClaimDocument> documents,
        IReadOnlyList<ClaimSource> sources,
        IReadOnlyList<Claim> claims
    )
    {
        Distinct(documents.Select(document => document.Key), "document");
        Distinct(sources.Select(source => source.Key), "source");
        Distinct(claims.Select(claim => claim.Id), "claim");
        var documentKeys = documents.Select(document => document.Key).ToHashSet(StringComparer.Ordinal);
        var sourceKeys = sources.Select(source => source.Key).ToHashSet(StringComparer.Ordinal);
        var byId = claims.ToDictionary(claim => claim.Id, StringComparer.Ordinal);
        foreach (Claim claim in claims)
        {
            if (!documentKeys.Contains(claim.Document))
            {
                throw Problem(claim, $"names the document \"{claim.Document}\", which is not listed");
            }

            if (!claim.Id.StartsWith(claim.Document + ".", StringComparison.Ordinal))
            {
                throw Problem(claim, $"must have an id that starts with {claim.Document}");
            }

            CheckFigure(claim);
            CheckInputs(claim, sourceKeys);
            CheckRelations(claim, byId);
        }
    }

    /// <summary>The equations of a claim for given values of its inputs.</summary>
    /// <param name="claim">A claim with a formula.</param>
    /// <param name="inputs">The inputs, in the order of the claim's.</param>
    public static EquationSystem Equations(Claim claim, IEnumerable<ModelInput> inputs) =>
        EquationSystem.Create(inputs, [new Equation(ResultSymbol, "the figure", claim.Unit, claim.Formula!)]);

    /// <summary>The equation of a relation.</summary>
    /// <param name="claim">The claim that has the relation.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="other">The other claim.</param>
    public static EquationSystem Equations(Claim claim, ClaimRelation relation, Claim other) =>
        EquationSystem.Create(
            [new ModelInput(OtherSymbol, other.Id, other.Unit, other.Low, ProvenanceNote.Assumed(other.Document))],
            [new Equation(ResultSymbol, "what follows", claim.Unit, relation.Formula)]
        );

    /// <summary>An input of a claim with the document's value.</summary>
    public static ModelInput OwnInput(Claim claim, ClaimInput input) =>
        new(
            input.Symbol,
            input.Name,
            input.Unit,
            input.Value,
            ProvenanceNote.Assumed(
                input.Inferred is null ? claim.Document : $"{claim.Document}, inferred: {input.Inferred}"
            )
        );

    private static void CheckFigure(Claim claim)
    {
        Guard(claim, () => Unit.Parse(claim.Unit));
        foreach (string text in new[] { claim.Given, claim.To }.OfType<string>())
        {
            if (!Claim.TryParse(text, out double value) || !double.IsFinite(value) || value == 0)
            {
                throw Problem(claim, $"gives \"{text}\", which is no number other than zero");
            }
        }

        if (claim.High < claim.Low)
        {
            throw Problem(claim, $"has a range from {claim.Given} to {claim.To} that runs backwards");
        }

        if (claim.RoundedTo is <= 0)
        {
            throw Problem(claim, "is rounded to a step that is not above zero");
        }

        if (claim.Formula is null == claim.NotCheckable is null)
        {
            throw Problem(claim, "needs either a formula, or the reason why it is not checkable");
        }
    }

    private static void CheckInputs(Claim claim, HashSet<string> sources)
    {
        if (claim.Formula is null)
        {
            if (claim.Inputs.Count > 0)
            {
                throw Problem(claim, "has inputs but no formula");
            }

            return;
        }

        foreach (ClaimInput input in claim.Inputs)
        {
            if (input.Correct?.Source is string source && !sources.Contains(source))
            {
                throw Problem(claim, $"names the source \"{source}\", which is not listed");
            }

            if (input.Correct?.Reference is string reference)
            {
                Guard(claim, () => ClaimReference.Check(reference));
            }
        }

        Guard(
            claim,
            () =>
            {
                EquationSystem system = Equations(claim, claim.Inputs.Select(input => OwnInput(claim, input)));
                HashSet<string> used = [.. system.Evaluate().Explain(ResultSymbol).Select(line => line.Symbol)];
                return claim.Inputs.FirstOrDefault(input => !used.Contains(input.Symbol)) is ClaimInput unused
                    ? throw new FormatException($"The formula does not use the input '{unused.Symbol}'.")
                    : true;
            }
        );
    }

    private static void CheckRelations(Claim claim, Dictionary<string, Claim> byId)
    {
        foreach (ClaimRelation relation in claim.ConsistentWith)
        {
            if (!byId.TryGetValue(relation.Claim, out Claim? other) || other == claim)
            {
                throw Problem(claim, $"must be consistent with \"{relation.Claim}\", which is no other claim");
            }

            Guard(claim, () => Equations(claim, relation, other));
        }
    }

    private static void Distinct(IEnumerable<string> keys, string what)
    {
        if (keys.GroupBy(key => key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InputException($"The {what} {twice.Key} is listed twice.");
        }
    }

    private static void Guard<T>(Claim claim, Func<T> read)
    {
        try
        {
            _ = read();
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new InputException($"The claim {claim.Id} is not accepted: {exception.Message}", exception);
        }
    }

    private static InputException Problem(Claim claim, string problem) => new($"The claim {claim.Id} {problem}.");
}

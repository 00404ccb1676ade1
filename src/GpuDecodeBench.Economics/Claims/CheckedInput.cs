using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>An input held against its source.</summary>
/// <param name="Correct">The input with the value that is right: the source's, or the document's where no source is named.</param>
/// <param name="Wrong">What is wrong with the document's value; null where it agrees with a source or none is named.</param>
internal sealed record CheckedInput(ModelInput Correct, WrongInput? Wrong)
{
    /// <summary>Holds an input against its source. Where sources differ, agreeing with one of them is enough.</summary>
    /// <exception cref="InputException">The reference names nothing, or something of another dimension.</exception>
    public static CheckedInput Of(Claim claim, ClaimInput input, ClaimSet claims)
    {
        if (input.Correct is not ClaimCorrection correction)
        {
            return new CheckedInput(ClaimRules.OwnInput(claim, input), null);
        }

        Unit unit = Unit.Parse(input.Unit);
        IReadOnlyList<ClaimReference.Resolved> values = Values(claim, input, correction, claims);
        ClaimReference.Resolved? agreeing = values.FirstOrDefault(value =>
            Math.Abs(input.Value - InUnit(value, unit)) <= ClaimAudit.InputTolerance * Math.Abs(InUnit(value, unit))
        );
        ClaimReference.Resolved chosen = agreeing ?? values[0];
        double correct = InUnit(chosen, unit);
        return new CheckedInput(
            new ModelInput(input.Symbol, input.Name, input.Unit, correct, ProvenanceNote.Assumed(chosen.Source)),
            agreeing is not null
                ? null
                : new WrongInput(
                    input.Symbol,
                    input.Name,
                    ClaimReasons.Exact(unit, input.Value),
                    ClaimReasons.Exact(unit, correct),
                    chosen.Source
                )
        );
    }

    private static double InUnit(ClaimReference.Resolved value, Unit unit) =>
        unit.FromBase(Unit.Parse(value.Unit).ToBase(value.Value));

    private static IReadOnlyList<ClaimReference.Resolved> Values(
        Claim claim,
        ClaimInput input,
        ClaimCorrection correction,
        ClaimSet claims
    )
    {
        if (correction.Value is double value)
        {
            ClaimSource source = claims.Sources.First(source => source.Key == correction.Source);
            return [new ClaimReference.Resolved(value, input.Unit, $"{source.Title} ({source.Url}, {source.Date})")];
        }

        try
        {
            IReadOnlyList<ClaimReference.Resolved> found = ClaimReference.Resolve(correction.Reference!);
            return Unit.Parse(found[0].Unit).Dimension == Unit.Parse(input.Unit).Dimension
                ? found
                : throw new FormatException(
                    $"'{correction.Reference}' is in {found[0].Unit}, the input {input.Symbol} in {input.Unit}."
                );
        }
        catch (Exception exception) when (exception is FormatException or InputException)
        {
            throw new InputException($"The claim {claim.Id} cannot be audited: {exception.Message}", exception);
        }
    }
}

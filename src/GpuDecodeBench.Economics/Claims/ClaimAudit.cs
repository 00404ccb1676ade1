using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>
/// Recomputes published figures and says what holds. The verdict is the defect that would remain when those after it were repaired:
/// no formula, then arithmetic that its own inputs do not bear out, then a wrong input without which the figure does not hold, then a
/// wrong unit, then a contradiction to another claim; what has none of these is reproduced. Every defect that was found is among the
/// reasons.
/// </summary>
public static class ClaimAudit
{
    /// <summary>An input within this share of a value that a source gives agrees with it: documents round, and sources differ.</summary>
    public const double InputTolerance = 0.02;

    /// <summary>Audits all claims of a set, in its order.</summary>
    /// <param name="claims">The set.</param>
    public static IReadOnlyList<ClaimResult> Run(ClaimSet claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return [.. claims.Claims.Select(claim => Run(claim, claims))];
    }

    /// <summary>Audits one claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="claims">The set that it and those that it names belong to.</param>
    /// <exception cref="InputException">A reference names nothing, or the formula gives no finite number.</exception>
    public static ClaimResult Run(Claim claim, ClaimSet claims)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(claims);
        ClaimContradiction[] contradictions = [.. Contradictions(claim, claims)];
        if (claim.Formula is null)
        {
            return new ClaimResult
            {
                Claim = claim,
                Verdict = contradictions.Length > 0 ? ClaimVerdict.Inconsistent : ClaimVerdict.NotCheckable,
                Reasons = [.. contradictions.Select(ClaimReasons.Of), ClaimReasons.NotCheckable(claim)],
                Contradictions = contradictions,
            };
        }

        Evaluation own = Evaluate(claim, claim.Inputs.Select(input => ClaimRules.OwnInput(claim, input)));
        CheckedInput[] inputs = [.. claim.Inputs.Select(input => CheckedInput.Of(claim, input, claims))];
        Evaluation correct = Evaluate(claim, inputs.Select(input => input.Correct));
        double ownValue = own[ClaimRules.ResultSymbol];
        double correctValue = correct[ClaimRules.ResultSymbol];
        UnitFactor? factor = FactorOf(claim, ownValue);
        WrongInput[] wrong = [.. inputs.Select(input => input.Wrong).OfType<WrongInput>()];
        bool explained = claim.Agrees(ownValue) || factor is not null;
        return new ClaimResult
        {
            Claim = claim,
            Verdict = Decide(
                explained,
                wrong.Length > 0 && !claim.Agrees(correctValue),
                factor is not null,
                contradictions.Length > 0
            ),
            Reasons =
            [
                .. ClaimReasons.Arithmetic(claim, own, correct, explained),
                .. wrong.Select(ClaimReasons.Of),
                .. ClaimReasons.Factor(own, factor),
                .. contradictions.Select(ClaimReasons.Of),
                .. ClaimReasons.Reproduced(claim, own, explained, factor),
            ],
            OwnValue = ownValue,
            CorrectValue = correctValue,
            Factor = factor,
            WrongInputs = wrong,
            Contradictions = contradictions,
            OwnDerivation = own.Explain(ClaimRules.ResultSymbol),
            CorrectDerivation = correct.Explain(ClaimRules.ResultSymbol),
        };
    }

    private static ClaimVerdict Decide(bool explained, bool wrongInput, bool wrongUnit, bool contradicts) =>
        (explained, wrongInput, wrongUnit, contradicts) switch
        {
            (false, _, _, _) => ClaimVerdict.ArithmeticError,
            (_, true, _, _) => ClaimVerdict.WrongInput,
            (_, _, true, _) => ClaimVerdict.UnitError,
            (_, _, _, true) => ClaimVerdict.Inconsistent,
            _ => ClaimVerdict.Reproduced,
        };

    private static Evaluation Evaluate(Claim claim, IEnumerable<ModelInput> inputs)
    {
        Evaluation evaluation = ClaimRules.Equations(claim, inputs).Evaluate();
        return evaluation.Figure(ClaimRules.ResultSymbol).Value is null
            ? throw new InputException($"The formula of the claim {claim.Id} gives no finite number.")
            : evaluation;
    }

    /// <summary>
    /// The factor that makes a value the claimed one; null where it is the claimed one already, or none does. Ranges and bounds are too
    /// wide a net: some factor would always fall into them.
    /// </summary>
    private static UnitFactor? FactorOf(Claim claim, double ownValue) =>
        claim.Computed != ClaimComparison.Equal || claim.To is not null || claim.Agrees(ownValue)
            ? null
            : UnitFactor.For(Unit.Parse(claim.Unit)).FirstOrDefault(factor => claim.Agrees(ownValue * factor.Value));

    /// <summary>A relation is broken where what the two figures can be within their rounding does not meet.</summary>
    private static IEnumerable<ClaimContradiction> Contradictions(Claim claim, ClaimSet claims)
    {
        foreach (ClaimRelation relation in claim.ConsistentWith)
        {
            Claim other = claims.Find(relation.Claim)!;
            EquationSystem system = ClaimRules.Equations(claim, relation, other);
            double[] ends = [.. new[] { other.AcceptedLow, other.AcceptedHigh }.Select(Follows)];
            bool holds = relation.Holds switch
            {
                ClaimComparison.AtLeast => claim.AcceptedHigh >= ends.Min(),
                ClaimComparison.AtMost => claim.AcceptedLow <= ends.Max(),
                _ => claim.AcceptedHigh >= ends.Min() && claim.AcceptedLow <= ends.Max(),
            };
            if (!holds)
            {
                string follows = system.Evaluate().Format(ClaimRules.ResultSymbol, ClaimReasons.Digits);
                yield return new ClaimContradiction(other.Id, other.GivenText, relation.Holds, follows);
            }

            double Follows(double end) =>
                system.Evaluate(new Dictionary<string, double> { [ClaimRules.OtherSymbol] = end })[
                    ClaimRules.ResultSymbol
                ];
        }
    }
}

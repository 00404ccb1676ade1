using System.Globalization;
using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>What an audit found, in sentences.</summary>
internal static class ClaimReasons
{
    /// <summary>Significant digits of computed values.</summary>
    public const int Digits = 4;

    public static string NotCheckable(Claim claim) => $"Not checkable: {claim.NotCheckable}.";

    /// <summary>That the document's own inputs do not give the figure; nothing where they do.</summary>
    public static IEnumerable<string> Arithmetic(Claim claim, Evaluation own, Evaluation correct, bool explained)
    {
        if (explained)
        {
            yield break;
        }

        string value = own.Format(ClaimRules.ResultSymbol, Digits);
        string demand = claim.Computed switch
        {
            ClaimComparison.AtLeast => $"which is less than {claim.GivenText}",
            ClaimComparison.AtMost => $"which is more than {claim.GivenText}",
            _ => $"not {claim.GivenText}",
        };
        yield return $"The document's own inputs give {value}, {demand}.";
        if (claim.Agrees(correct[ClaimRules.ResultSymbol]))
        {
            yield return $"On correct inputs the figure holds: {correct.Format(ClaimRules.ResultSymbol, Digits)}.";
        }
    }

    public static string Of(WrongInput input) =>
        $"The {input.Name}: {input.Given} here, but {input.Correct} by {input.Source}.";

    /// <summary>An input's value with its unit: as many digits as it has, up to six.</summary>
    public static string Exact(Unit unit, double value)
    {
        double size = Math.Abs(value);
        string number = size is 0 or (>= 1e-3 and < 1e7)
            ? value.ToString(size < 1 ? "0.######" : "#,0.####", CultureInfo.InvariantCulture)
            : value.ToString("0.#####e0", CultureInfo.InvariantCulture);
        return unit.Text switch
        {
            "1" => number,
            _ when unit.Text[0] == '$' => $"${number}{unit.Text[1..]}",
            _ => $"{number} {unit.Text}",
        };
    }

    /// <summary>That units were mixed up; nothing where they were not.</summary>
    public static IEnumerable<string> Factor(Evaluation own, UnitFactor? factor)
    {
        if (factor is not null)
        {
            yield return $"The document's own inputs give {own.Format(ClaimRules.ResultSymbol, Digits)}, "
                + $"which differs by a factor of {factor.Name}.";
        }
    }

    public static string Of(ClaimContradiction contradiction)
    {
        string must = contradiction.Holds switch
        {
            ClaimComparison.AtLeast => "at least ",
            ClaimComparison.AtMost => "at most ",
            _ => string.Empty,
        };
        return $"It contradicts {contradiction.Claim} ({contradiction.Given}), by which it must be {must}{contradiction.Follows}.";
    }

    /// <summary>That the document's own inputs give the figure; nothing where they do not.</summary>
    public static IEnumerable<string> Reproduced(Claim claim, Evaluation own, bool explained, UnitFactor? factor)
    {
        if (explained && factor is null)
        {
            string bound = claim.Computed switch
            {
                ClaimComparison.AtLeast => ", which is no less than the figure",
                ClaimComparison.AtMost => ", which is no more than the figure",
                _ => string.Empty,
            };
            yield return $"The document's own inputs give {own.Format(ClaimRules.ResultSymbol, Digits)}{bound}.";
        }
    }
}

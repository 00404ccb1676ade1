using System.Globalization;
using GpuDecodeBench.Economics.Claims;
using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Published figures with what the audit found of each, and on demand how it found it.</summary>
public static class ClaimTable
{
    /// <summary>The table.</summary>
    /// <param name="results">What the audit found.</param>
    /// <param name="claims">The set that the claims are of.</param>
    /// <param name="withStatements">Whether people see the statements, which make a row wide; machines always do.</param>
    /// <param name="explain">Whether the captions derive every figure.</param>
    public static ResultTable From(
        IReadOnlyList<ClaimResult> results,
        ClaimSet claims,
        bool withStatements = false,
        bool explain = false
    )
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(claims);
        TableSchema<ClaimResult> schema = new TableSchema<ClaimResult>()
            .Words("Claim", "claim", row => ResultCell.Of(row.Claim.Id))
            .Machine("document", row => ResultCell.Of(row.Claim.Document))
            .Machine("place", row => ResultCell.Of(row.Claim.Place));
        schema = withStatements
            ? schema.Words("It says", "statement", row => ResultCell.Of(row.Claim.Statement))
            : schema.Machine("statement", row => ResultCell.Of(row.Claim.Statement));
        schema = schema
            .Number("Given", null, "given", row => ResultCell.Of(row.Claim.GivenNumber, row.Claim.Given))
            .MachineNumber("givenTo", row => ResultCell.Of(row.Claim.To ?? ""))
            .Number("Own", null, "ownValue", row => ResultCell.Of(row.OwnValue, Number))
            .Number("Correct", null, "correctValue", row => ResultCell.Of(row.CorrectValue, Number), drop: 2)
            .Words(
                "Unit",
                "unit",
                row => ResultCell.Of(row.Claim.Unit == "1" ? "" : row.Claim.Unit, row.Claim.Unit),
                drop: 1
            )
            .MachineNumber("ownRatio", row => ResultCell.Of(row.OwnRatio, Quantity.Digits))
            .MachineNumber("correctRatio", row => ResultCell.Of(row.CorrectRatio, Quantity.Digits))
            .Words("Verdict", "verdict", row => ResultCell.Of(row.Verdict.Name()));
        schema = withStatements
            ? schema.Words("Why", "reasons", row => ResultCell.Of(string.Join(" ", row.Reasons)))
            : schema.Machine("reasons", row => ResultCell.Of(string.Join(" ", row.Reasons)));
        return schema
            .Machine("remark", row => ResultCell.Of(row.Claim.Remark ?? ""))
            .Build("Published figures", results, Captions(results, claims, explain));
    }

    private static List<string> Captions(IReadOnlyList<ClaimResult> results, ClaimSet claims, bool explain)
    {
        List<string> lines = [];
        if (explain)
        {
            lines.AddRange(results.SelectMany(result => Explain(result, claims)));
        }

        IEnumerable<string> counts = Enum.GetValues<ClaimVerdict>()
            .Select(verdict => (verdict, count: results.Count(result => result.Verdict == verdict)))
            .Where(pair => pair.count > 0)
            .Select(pair => $"{pair.count} {pair.verdict.Name()}");
        string documents = string.Join(", ", results.Select(result => result.Claim.Document).Distinct());
        lines.Add(
            results.Count == 0
                ? "No claim is of this kind."
                : $"{results.Count} {(results.Count == 1 ? "claim" : "claims")} ({documents}): {string.Join(", ", counts)}."
        );
        if (!explain && results.Count > 0)
        {
            lines.Add("Own: by the document's own inputs. Correct: by sourced ones. --id ID --explain shows how.");
        }

        return lines;
    }

    /// <summary>The claim, its inputs, the formula with both sets of numbers, and why the verdict is what it is.</summary>
    private static IEnumerable<string> Explain(ClaimResult result, ClaimSet claims)
    {
        Claim claim = result.Claim;
        ClaimDocument document = claims.Documents.First(document => document.Key == claim.Document);
        yield return $"{claim.Id}: {claim.Statement}";
        yield return $"In: {document.Title}{(document.Author is string author ? $" ({author})" : "")}, {claim.Place}.";
        foreach (ClaimInput input in claim.Inputs)
        {
            yield return $"Input: {Describe(input, result)}";
        }

        if (result.OwnDerivation.Count > 0)
        {
            yield return $"On its own inputs: {Equation(result.OwnDerivation[^1])}.";
            yield return $"On correct inputs: {Equation(result.CorrectDerivation[^1])}, "
                + $"{Quantity.Digits(result.CorrectRatio!.Value)} times the figure given, {claim.GivenText}.";
        }

        yield return $"Taken for the figure: {Accepted(claim)}.";
        foreach (string reason in result.Reasons)
        {
            yield return $"Found: {reason}";
        }

        yield return $"Verdict: {result.Verdict.Name()}.";
        if (claim.Remark is string remark)
        {
            yield return $"Remark: {remark}";
        }
    }

    private static string Describe(ClaimInput input, ClaimResult result)
    {
        DerivationLine own = result.OwnDerivation.First(line => line.Symbol == input.Symbol);
        DerivationLine correct = result.CorrectDerivation.First(line => line.Symbol == input.Symbol);
        string origin = input.Inferred is string from ? $"inferred: {from}" : "as stated";
        string source = input.Correct is null
            ? "no source to hold it against"
            : $"{correct.Value} by {correct.Provenance.Source}";
        return $"{input.Symbol}, {input.Name}, {own.Value} ({origin}); {source}.";
    }

    private static string Equation(DerivationLine line) => $"{line.Formula} = {line.Substituted} = {line.Value}";

    private static string Accepted(Claim claim)
    {
        Unit unit = Unit.Parse(claim.Unit);
        string low = unit.Format(unit.ToBase(claim.AcceptedLow));
        string high = unit.Format(unit.ToBase(claim.AcceptedHigh));
        return claim.Computed switch
        {
            ClaimComparison.AtLeast => $"{low} and more",
            ClaimComparison.AtMost => $"{high} and less",
            _ => $"{low} to {high}",
        };
    }

    /// <summary>Three significant digits; an exponent where the number would be long.</summary>
    private static string Number(double value) =>
        Math.Abs(value) is >= 1e-3 and < 1e6
            ? Quantity.Digits(value)
            : value.ToString("0.00e0", CultureInfo.InvariantCulture);
}

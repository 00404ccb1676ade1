using System.CommandLine;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics.Claims;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>claims</c>: which published figures hold.</summary>
internal sealed class ClaimsCommand(CommandContext context)
{
    private readonly Option<string?> _verdicts = CommandOptions.Text(
        "--verdict",
        "only claims of these verdicts: " + string.Join(", ", Enum.GetValues<ClaimVerdict>().Select(v => v.Name())),
        "NAME,…"
    );

    private readonly Option<string?> _documents = CommandOptions.Text(
        "--document",
        "only claims of these documents, by the part of their ids before the point",
        "KEY,…"
    );

    private readonly Option<string?> _id = CommandOptions.Text("--id", "only this claim", "ID");

    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "show inputs, formula with its numbers, both results, and why the verdict is what it is",
    };

    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "claims",
            """
            Recomputes figures that were published about the cost of inference, on their own inputs and on correct ones,
            and says which hold.

            Examples:
              gpu-decode-bench claims --verdict arithmetic-error,unit-error -o md
              gpu-decode-bench claims --id cost.margin --explain
            """
        );
        command.Options.Add(_verdicts);
        command.Options.Add(_documents);
        command.Options.Add(_id);
        command.Options.Add(_explain);
        command.Options.Add(_format);
        command.SetAction(parsed =>
        {
            OutputFormat format = CommandOptions.ReadFormat(parsed, _format, _explain);
            Func<ClaimResult, bool> isWanted = ReadVerdicts(parsed);
            ClaimSet all = ClaimCatalogue.All;
            ClaimResult[] results =
            [
                .. Chosen(parsed, all).Select(claim => ClaimAudit.Run(claim, all)).Where(isWanted),
            ];
            new ResultPrinter(context).Table(
                ClaimTable.From(results, all, format == OutputFormat.Md, parsed.GetValue(_explain)),
                format
            );
            return ExitCodes.Done;
        });
        return command;
    }

    private Func<ClaimResult, bool> ReadVerdicts(ParseResult parsed)
    {
        if (parsed.GetValue(_verdicts) is not string text)
        {
            return _ => true;
        }

        ClaimVerdict[] known = Enum.GetValues<ClaimVerdict>();
        IReadOnlyList<ClaimVerdict> wanted = ArgumentReader.List<ClaimVerdict>(
            "--verdict",
            text,
            string.Join(", ", known.Select(verdict => verdict.Name())),
            entry =>
                known
                    .Where(verdict => string.Equals(verdict.Name(), entry, StringComparison.OrdinalIgnoreCase))
                    .Select(verdict => (ClaimVerdict?)verdict)
                    .FirstOrDefault()
        );
        return result => wanted.Contains(result.Verdict);
    }

    private IEnumerable<Claim> Chosen(ParseResult parsed, ClaimSet all)
    {
        IEnumerable<Claim> claims = parsed.GetValue(_id) is string id ? [Find(id, all)] : all.Claims;
        if (parsed.GetValue(_documents) is not string text)
        {
            return claims;
        }

        // The list reader takes values; a document stands for its place in the file.
        string[] keys = [.. all.Documents.Select(document => document.Key)];
        IReadOnlyList<int> wanted = ArgumentReader.List<int>(
            "--document",
            text,
            string.Join(", ", keys),
            entry =>
                Array.FindIndex(keys, key => string.Equals(key, entry, StringComparison.OrdinalIgnoreCase))
                    is int at
                        and >= 0
                    ? at
                    : null
        );
        return claims.Where(claim => wanted.Contains(Array.IndexOf(keys, claim.Document)));
    }

    private static Claim Find(string id, ClaimSet all) =>
        all.Claims.FirstOrDefault(claim => string.Equals(claim.Id, id.Trim(), StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException(
            $"--id '{id}' is not accepted; give the id of a claim, for example {all.Claims[0].Id}; claims without --id lists all."
        );
}

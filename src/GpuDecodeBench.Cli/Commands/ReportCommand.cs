using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Html;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>report</c>: run records as one page that needs nothing else, or as Markdown or CSV.</summary>
internal sealed class ReportCommand(CommandContext context)
{
    /// <summary>The forms of a report, as <c>-o</c> takes them.</summary>
    internal static readonly string[] Forms = ["html", "md", "csv"];

    private readonly Argument<string[]> _files = new("FILES")
    {
        Description = "run records",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _out = CommandOptions.Text(
        "--out",
        "the file to write; without it the report goes to standard output",
        "FILE"
    );

    private readonly Option<bool> _force = new("--force") { Description = "overwrite the file where it exists" };

    private readonly Option<string?> _scenario = CommandOptions.Text(
        "--scenario",
        "the scenario of the cost by layers: rented, owned or a file (cost --new-scenario); without it rented and owned, where the prices are known",
        "rented|owned|FILE"
    );

    private readonly Option<string?> _apiPrices = CommandOptions.Text(
        "--api-price",
        "what an API takes for a million output tokens, to hold the own cost against; a name before it where there are several",
        "[NAME=]USD,…"
    );

    private readonly Option<string?> _price = CommandOptions.Price();
    private readonly Option<string?> _utilization = CommandOptions.Utilization();
    private readonly Option<string> _form = CommandOptions.Text("-o", "the form: html, md or csv", "FORMAT", "html");

    public Command Create()
    {
        var command = new Command(
            "report",
            """
            Makes one HTML page of run records: the verdict, charts, costs with sliders, every figure with where it comes from,
            and the data itself. It needs no network and no other file.

            Examples:
              gpu-decode-bench report runs/…/run.json --out report.html
              gpu-decode-bench report runs/*/run.json --out report.html --price-per-hour 2.30 --utilization 0.5
              gpu-decode-bench report runs/…/run.json --api-price cheap=0.60,dear=2.19 --out report.html
              gpu-decode-bench report runs/…/run.json -o md
            """
        );
        command.Arguments.Add(_files);
        foreach (Option option in (Option[])[_out, _force, _scenario, _apiPrices, _price, _utilization, _form])
        {
            command.Options.Add(option);
        }

        _form.Aliases.Add("--output");
        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        string form = Arguments.ArgumentReader.Choice("-o", parsed.GetValue(_form)!, Forms, name => name);
        string? path = parsed.GetValue(_out);
        if (form != "html")
        {
            Arguments.GivenOptions.Refuse(
                parsed,
                $"has no effect with -o {form}, which has costs as price over rate; give -o html, or cost --scenario.",
                _scenario,
                _apiPrices
            );
        }

        if (path is null)
        {
            Arguments.GivenOptions.Refuse(parsed, "has no effect without --out, the file that it overwrites.", _force);
        }
        else
        {
            ReportFile.Check(path, parsed.GetValue(_force));
        }

        ReportOptions options = Options(parsed);
        ReportInput[] inputs =
        [
            .. parsed
                .GetValue(_files)!
                .Select(file => new ReportInput(RunRecordStore.Read(file), Path.GetFileName(file))),
        ];
        string report = form switch
        {
            "md" => RecordText.Markdown(inputs, options),
            "csv" => RecordText.Csv(inputs, options),
            _ => HtmlReport.Write(inputs, options),
        };
        if (path is null)
        {
            context.Output.Write(report);
            return ExitCodes.Done;
        }

        ReportFile.Write(path, report);
        context.Error.WriteLine($"{path}: {Encoding.UTF8.GetByteCount(report) / 1e3:0} kB.");
        return ExitCodes.Done;
    }

    private ReportOptions Options(ParseResult parsed)
    {
        CostOptions cost = PriceArguments.ToOptions(
            CommandOptions.ReadPrice(parsed, _price),
            CommandOptions.ReadUtilization(parsed, _utilization)
        );
        var options = new ReportOptions { Cost = cost, ApiPrices = ReadApiPrices(parsed) };
        return parsed.GetValue(_scenario) is string name
            ? options with
            {
                Scenarios = device => [ScenarioOptions.Named(name, device)],
            }
            : options;
    }

    private List<ApiPrice> ReadApiPrices(ParseResult parsed)
    {
        List<ApiPrice> prices = [];
        foreach (string entry in parsed.GetValue(_apiPrices)?.Split(',') ?? [])
        {
            string[] parts = entry.Split('=', 2);
            bool isNumber = double.TryParse(
                parts[^1],
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out double usd
            );
            if (!isNumber || !double.IsFinite(usd) || usd <= 0)
            {
                throw new InputException(
                    $"--api-price '{entry}' is not accepted; give US dollars above 0 for a million output tokens, with a name before it as in cheap=0.60."
                );
            }

            string name = parts.Length == 2 ? parts[0].Trim() : "API";
            if (prices.Any(price => price.Name == name))
            {
                throw new InputException(
                    parts.Length == 2
                        ? $"--api-price names '{name}' twice; give each once."
                        : $"--api-price '{parsed.GetValue(_apiPrices)}' has several prices without a name; give NAME=USD with commas between them."
                );
            }

            prices.Add(new ApiPrice(name, usd));
        }

        return prices;
    }
}

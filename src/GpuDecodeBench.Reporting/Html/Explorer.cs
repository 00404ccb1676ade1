using System.Text;
using System.Text.Json;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>
/// What the cost explorer of a page works with: for each scenario the program's own equations as a script with their inputs, and for each
/// measured point what it brings of its own.
/// </summary>
internal sealed class Explorer
{
    /// <summary>The inputs that can be moved, with the range to which the likely value is stretched.</summary>
    private static readonly (string Symbol, double Low, double High, double Step)[] s_sliders =
    [
        ("util", 0.01, 1, 0.01),
        ("rent", 0, 0, 0),
        ("tariff", 0, 0.4, 0.005),
        ("pue", 1, 2, 0.01),
    ];

    private readonly ReportRun _run;

    public Explorer(ReportRun run)
    {
        _run = run;
        Priced =
        [
            .. run.FastestPriced is PointRecord best
                ? run
                    .Scenarios.Select(scenario => (Scenario: scenario, Stack: scenario.StackOf(best)!))
                    .Where(pair => pair.Stack.Total.UsdPerMillionTokens.Value is not null)
                : [],
        ];
    }

    /// <summary>The scenarios that have a cost, each with its stack for the fastest point.</summary>
    public IReadOnlyList<(PricedScenario Scenario, CostStack Stack)> Priced { get; }

    /// <summary>
    /// What the program computes for the fastest point at some settings, one input changed at a time: to read without scripts, and to
    /// hold the page's own figures against.
    /// </summary>
    public ResultTable Samples() =>
        new TableSchema<(string Scenario, SweepPoint Point)>()
            .Words("Scenario", "scenario", row => ResultCell.Of(row.Scenario))
            .Words("Changed", "symbol", row => ResultCell.Of(row.Point.Input.Name, row.Point.Input.Symbol))
            .Number(
                "To",
                null,
                "value",
                row => ResultCell.Of(HtmlParts.Exact(row.Point.Value) + Unit(row.Point.Input.Unit.Text))
            )
            .Number(
                "Cost",
                "$/Mtok",
                "usdPerMillionTokens",
                row => ResultCell.Of(row.Point.Evaluation[CostLayers.Total.TokenSymbol], Quantity.Usd)
            )
            .Build(
                "The program’s figures at some settings",
                Priced.SelectMany(pair =>
                    Sampled(pair.Scenario, pair.Stack).Select(point => (pair.Scenario.Name, point))
                ),
                [.. Priced.Select(pair => $"The rest as in {pair.Scenario.Name}: {pair.Stack.Conditions.Describe()}.")]
            );

    private static string Unit(string text) => text == "1" ? "" : $" {text}";

    private static IEnumerable<SweepPoint> Sampled(PricedScenario scenario, CostStack stack)
    {
        (string Symbol, double[] Values)[] samples =
        [
            ("util", [0.1, 0.25, 0.5, 0.75, 1]),
            ("rent", [0.5, 1, 2, 4]),
            ("tariff", [0.03, 0.1, 0.2]),
            ("pue", [1.05, 1.2, 1.5]),
        ];
        return samples
            .Where(sample =>
                !IsIdle(scenario, sample.Symbol) && stack.System.Inputs.Any(input => input.Symbol == sample.Symbol)
            )
            .SelectMany(sample => Sweep.Over(stack.System, sample.Symbol, sample.Values));
    }

    /// <summary>The name of a scenario's function in the page's script.</summary>
    private string FunctionOf(int index) => $"{_run.Id}_{index}";

    /// <summary>The equations as entries of a JavaScript object.</summary>
    public string Script()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Priced.Count; i++)
        {
            text.Append(FunctionOf(i)).Append(':').Append(EquationScript.Write(Priced[i].Stack.System)).Append(",\n");
        }

        return text.ToString();
    }

    /// <summary>Inputs and points as JSON that can stand in a <c>script</c> element: what HTML reads is escaped in it.</summary>
    public string Json()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("perMillionTokens", Economics.Equations.Unit.Parse("$/Mtok").Scale);
            json.WriteStartArray("layers");
            foreach (CostLayerKind kind in CostLayers.All)
            {
                json.WriteStartObject();
                json.WriteString("symbol", kind.TokenSymbol);
                json.WriteString("name", kind.Name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("scenarios");
            for (int i = 0; i < Priced.Count; i++)
            {
                WriteScenario(json, i);
            }

            json.WriteEndArray();
            WritePoints(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private void WriteScenario(Utf8JsonWriter json, int index)
    {
        (PricedScenario scenario, CostStack stack) = Priced[index];
        json.WriteStartObject();
        json.WriteString("name", scenario.Name);
        json.WriteString("function", FunctionOf(index));
        json.WriteBoolean("rented", scenario.Scenario.Ownership == Ownership.Rented);
        json.WriteStartObject("inputs");
        foreach (ModelInput input in stack.System.Inputs)
        {
            WriteBase(json, input);
        }

        json.WriteEndObject();
        json.WriteStartArray("sliders");
        foreach ((string symbol, double low, double high, double step) in s_sliders)
        {
            ModelInput? input = stack.System.Inputs.FirstOrDefault(one => one.Symbol == symbol);
            if (input?.Value is double value && !IsIdle(scenario, symbol))
            {
                WriteSlider(json, input, value, low, high, step);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Whether an input plays no part in a scenario, so that a slider for it would do nothing.</summary>
    private static bool IsIdle(PricedScenario scenario, string symbol) =>
        scenario.Scenario.Ownership == Ownership.Rented ? symbol is "tariff" or "pue" : symbol == "rent";

    private static void WriteSlider(
        Utf8JsonWriter json,
        ModelInput input,
        double value,
        double low,
        double high,
        double step
    )
    {
        if (step == 0)
        {
            // A price: from a quarter to four times of what it is, in steps that are round for its size.
            step = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
            low = Math.Max(step, Math.Floor(value / 4 / step) * step);
            high = Math.Ceiling(value * 4 / step) * step;
        }

        json.WriteStartObject();
        json.WriteString("symbol", input.Symbol);
        json.WriteNumber("value", value);
        json.WriteNumber("scale", input.Unit.Scale);
        json.WriteNumber("low", Math.Min(low, value));
        json.WriteNumber("high", Math.Max(high, value));
        json.WriteNumber("step", step);
        json.WriteString("from", HtmlParts.Origin(new Figure(value, input.Provenance)));
        json.WriteEndObject();
    }

    private void WritePoints(Utf8JsonWriter json)
    {
        json.WriteStartArray("points");
        foreach (PointRecord point in _run.Priced)
        {
            if (Priced.Count == 0 || Priced[0].Scenario.CaseOf(point) is not CostCase priced)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("format", Format(point));
            json.WriteNumber("batch", point.Batch);
            json.WriteNumber("context", point.Context);
            json.WriteBoolean("fastest", ReferenceEquals(point, _run.FastestPriced));
            json.WriteString("conditions", priced.Conditions.Describe());
            json.WriteString("from", HtmlParts.Origin(point, "tokensPerSecond"));
            json.WriteStartObject("inputs");
            foreach (
                ModelInput input in priced.Inputs.Where(input => input.Symbol != "util" && !IsInEveryScenario(input))
            )
            {
                WriteBase(json, input);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Whether the scenarios' own inputs, which are those of the fastest point, have the same value already.</summary>
    private bool IsInEveryScenario(ModelInput input) =>
        Priced.All(pair =>
            pair.Stack.System.Inputs.Any(one => one.Symbol == input.Symbol && one.BaseValue.Equals(input.BaseValue))
        );

    private string Format(PointRecord point)
    {
        bool severalHeads = _run.Valid.Any(other => other.Weights == point.Weights && other.LmHead != point.LmHead);
        string head = severalHeads ? $", {point.LmHead} LM head" : "";
        string devices = point.TensorParallel == 1 ? "" : $", {point.TensorParallel} devices";
        return $"{point.Weights} weights{head}, {point.Kv} KV{devices}";
    }

    private static void WriteBase(Utf8JsonWriter json, ModelInput input)
    {
        if (double.IsFinite(input.BaseValue))
        {
            json.WriteNumber(input.Symbol, input.BaseValue);
        }
        else
        {
            json.WriteNull(input.Symbol);
        }
    }
}

using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>A grid of predictions in one table: a row for each point, with all five conditions, and its cost by layers.</summary>
public static class CostGridTable
{
    /// <summary>The table.</summary>
    /// <param name="points">The points.</param>
    /// <param name="title">What the costs are of, for example the scenario.</param>
    /// <param name="layers">The layers that have a column beside the total.</param>
    public static ResultTable From(IReadOnlyList<GridPoint> points, string title, IReadOnlyList<CostLayerKind> layers)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(layers);
        TableSchema<GridPoint> schema = Conditions(points);
        schema
            .Number(
                "Step",
                "ms",
                "stepSeconds",
                point => ResultCell.Of(point.Prediction.StepSeconds, seconds => Quantity.Digits(seconds * 1e3))
            )
            .Number(
                "Memory",
                "GB",
                "neededBytes",
                point => ResultCell.Of(point.Prediction.NeededBytes, bytes => Quantity.Digits(bytes / 1e9)),
                drop: 8
            )
            .Words("Fits", "fits", Fits);
        foreach (CostLayerKind layer in layers)
        {
            schema.Number(
                Short(layer),
                "$/Mtok",
                $"{layer.Id}UsdPerMillionTokens",
                point => Cost(point, layer.TokenSymbol),
                drop: 7
            );
        }

        return schema
            .Link(points, Units)
            .Number("Output", "$/Mtok", "usdPerMillionTokens", point => Cost(point, CostLayers.Total.TokenSymbol))
            .Number(
                "Input",
                "$/Mtok",
                "usdPerMillionInputTokens",
                point => Cost(point, CostLayers.Total.InputTokenSymbol),
                drop: 6
            )
            .Words("From", "provenance", point => Origin(point), drop: 5)
            .Machine("problem", point => ResultCell.Of(point.Problem ?? ""))
            .Build(title, points, Captions(points));
    }

    /// <summary>The five conditions, and what else is swept.</summary>
    private static TableSchema<GridPoint> Conditions(IReadOnlyList<GridPoint> points)
    {
        var schema = new TableSchema<GridPoint>()
            .Words("Model", "model", point => ResultCell.Of(point.Prediction.Plan.Model.Name), drop: 9)
            .Words("Weights", "weights", point => ResultCell.Of(Step(point).Formats.Weights.Name()))
            .Machine("lmHead", point => ResultCell.Of(Step(point).Formats.LmHead.Name()))
            .Words("KV", "kv", point => ResultCell.Of(Step(point).Formats.Kv.Name()))
            .Number("Batch", null, "batch", point => ResultCell.Of(Step(point).Batch))
            .Number("Context", null, "contextTokens", point => ResultCell.Of(Step(point).ContextTokens.Max()))
            .Words("Hardware", "hardware", point => ResultCell.Of(Hardware(point)))
            .Number("Use", "%", "utilization", point => ResultCell.Of(point.Utilization, Quantity.Percent));
        if (points.Any(point => point.Region is not null))
        {
            schema.Words("Region", "region", point => ResultCell.Of(point.Region ?? ""));
        }

        foreach (ModelInput swept in points[0].Swept.Values.Where(input => input.Symbol is not "util"))
        {
            schema.Number(
                swept.Symbol,
                swept.Unit.Text == "1" ? null : swept.Unit.Text,
                swept.Symbol,
                point => ResultCell.Of(point.Swept[swept.Symbol].Value, Quantity.Digits)
            );
        }

        return schema;
    }

    private static StepConditions Step(GridPoint point) => point.Prediction.Plan.Conditions;

    private static string Hardware(GridPoint point) => Units(point).ToString();

    private static HardwareUnits Units(GridPoint point) =>
        new(point.Prediction.Hardware.Name, Step(point).TensorParallel);

    private static string Short(CostLayerKind layer) =>
        layer.Id switch
        {
            "power" => "Power",
            "nand" => "Storage",
            "labour" => "Labour",
            "extras" => "Extras",
            _ => char.ToUpperInvariant(layer.Name[0]) + layer.Name[1..],
        };

    private static ResultCell Fits(GridPoint point) =>
        point.Prediction.Fits switch
        {
            true => ResultCell.Of("yes", "true"),
            false => ResultCell.Of("NO", "false"),
            null => ResultCell.None,
        };

    private static ResultCell Cost(GridPoint point, string symbol) =>
        ResultCell.Of(point.Figure(symbol).Value, Quantity.Digits);

    private static ResultCell Origin(GridPoint point) =>
        point.Evaluation is null
            ? ResultCell.None
            : ResultCell.Of(CostProvenance.NameOf(point.Figure(CostLayers.Total.TokenSymbol).Provenance.Kind));

    private static List<string> Captions(IReadOnlyList<GridPoint> points)
    {
        List<string> lines =
        [
            "Steps are the shortest that datasheets allow, the link between devices included where it is known; nothing was executed.",
            CostCaptions.RooflineIsABound,
        ];
        if (Cheapest(points) is GridPoint cheapest)
        {
            lines.Add(
                $"Cheapest output: {Quantity.Usd(cheapest.Figure(CostLayers.Total.TokenSymbol).Value!.Value)} per million tokens, "
                    + $"{PredictionConditions(cheapest)}."
            );
        }

        string[] problems = [.. points.Select(point => point.Problem).OfType<string>().Distinct()];
        if (problems.Length > 0)
        {
            int without = points.Count(point => point.Problem is not null);
            lines.Add($"{without} of {points.Count} points have no cost. The first: {problems[0]}");
        }

        string[] unbounded =
        [
            .. points
                .Where(point => point.Prediction.LeavesArithmeticOut)
                .Select(point => point.Prediction.Hardware.Name)
                .Distinct(),
        ];
        if (unbounded.Length > 0)
        {
            lines.Add($"{CostCaptions.ArithmeticIsLeftOut(string.Join(", ", unbounded))}.");
        }

        lines.AddRange(LinkColumn.Lines(points.Select(Units)));
        lines.AddRange(EstimatedRent.Lines(points.Select(point => (point.Prediction.Hardware.Name, point.Evaluation))));
        string[] unknown =
        [
            .. points
                .Where(point => point.Prediction.LinkSeconds is null)
                .Select(point => point.Prediction.Hardware.Name)
                .Distinct(),
        ];
        if (unknown.Length > 0)
        {
            lines.Add($"The link between devices is not known and not counted: {string.Join(", ", unknown)}.");
        }

        return lines;
    }

    private static GridPoint? Cheapest(IReadOnlyList<GridPoint> points) =>
        points.Where(point => point.Problem is null).MinBy(point => point.Figure(CostLayers.Total.TokenSymbol).Value);

    private static string PredictionConditions(GridPoint point)
    {
        StepConditions step = Step(point);
        return $"{point.Prediction.Plan.Model.Name} · {step.Formats.Weights.Name()} weights, {step.Formats.Kv.Name()} KV · "
            + $"context {step.ContextTokens.Max()} · batch {step.Batch} at {Quantity.Percent(point.Utilization)} % utilisation · {Hardware(point)}";
    }
}

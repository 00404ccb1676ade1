using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Records;

/// <summary>What the fields of a record must be to each other; each field alone has passed <see cref="RecordStructure"/>.</summary>
internal sealed class RecordRules
{
    /// <summary>The relative difference that rounding may make between two figures that are one.</summary>
    private const double Rounding = 1e-9;

    private readonly string _name;
    private string _at = "";

    private RecordRules(string name) => _name = name;

    /// <summary>Checks a whole record.</summary>
    /// <exception cref="RecordFormatException">Two fields contradict each other, or a name is not known.</exception>
    public static void Check(RunRecord record, string name)
    {
        var rules = new RecordRules(name);
        if (record.Price?.Utilization.Value > 1)
        {
            throw rules.Error(
                "price.utilization.value",
                $"is {record.Price.Utilization.Value}; a fraction from 0 to 1 is required."
            );
        }

        for (int i = 0; i < record.Points.Count; i++)
        {
            rules._at = $"points[{i}].";
            rules.CheckPoint(record.Points[i]);
        }
    }

    private void CheckPoint(PointRecord point)
    {
        CheckFormats(point);
        CheckTimes(point);
        CheckBound("bound", point.Bound);
        for (int i = 0; i < point.Operations.Count; i++)
        {
            CheckBound($"operations[{i}].bound", point.Operations[i].Bound);
            CheckSeconds($"operations[{i}].seconds", point.Operations[i]);
        }

        if (point.Valid != (point.InvalidReasons.Count == 0))
        {
            throw Error(
                "invalidReasons",
                point.Valid ? "must be empty, because the point is valid." : "is empty, but the point is not valid."
            );
        }

        if (point.Valid && !point.Verification.Passed)
        {
            throw Error("valid", "must be false, because verification.passed is false.");
        }
    }

    private void CheckFormats(PointRecord point)
    {
        CheckWeightFormat("weights", point.Weights);
        CheckWeightFormat("lmHead", point.LmHead);
        if (!FormatNames.TryParseKvFormat(point.Kv, out KvFormat kv) || kv.Name() != point.Kv)
        {
            throw Error("kv", $"is \"{FieldPath.Printable(point.Kv)}\"; one of {FormatNames.KvNames} is required.");
        }
    }

    private void CheckWeightFormat(string field, string text)
    {
        if (!FormatNames.TryParseWeightFormat(text, out WeightFormat format) || format.Name() != text)
        {
            throw Error(field, $"is \"{FieldPath.Printable(text)}\"; one of {FormatNames.WeightNames} is required.");
        }
    }

    private void CheckBound(string field, string? bound)
    {
        if (bound is not (null or "memory" or "compute"))
        {
            throw Error(field, $"is \"{FieldPath.Printable(bound)}\"; memory or compute is required.");
        }
    }

    /// <summary>A time that is not known is left out and says why.</summary>
    private void CheckSeconds(string field, OperationRecord operation)
    {
        Provenance kind = operation.Provenance?.Kind ?? Provenance.Measured;
        if (ProvenanceRules.Check(operation.Seconds, kind) is string problem)
        {
            throw Error(field, problem);
        }
    }

    private void CheckTimes(PointRecord point)
    {
        StepStatistics step = point.StepSeconds;
        if (step.Count != point.SamplesSeconds.Count)
        {
            throw Error(
                "stepSeconds.count",
                $"is {step.Count}, but samplesSeconds holds {point.SamplesSeconds.Count} samples."
            );
        }

        CheckInterval("stepSeconds.ci95Low", step.Ci95Low, "stepSeconds.ci95High", step.Ci95High);
        CheckInterval("fullStepCi95Low", point.FullStepCi95Low, "fullStepCi95High", point.FullStepCi95High);
        CheckOrder("stepSeconds.p5", step.P5, "stepSeconds.median", step.Median);
        CheckOrder("stepSeconds.median", step.Median, "stepSeconds.p95", step.P95);
        CheckOrder("stepSeconds.p95", step.P95, "stepSeconds.p99", step.P99);
        if (point.LayersMeasured > point.LayersTotal)
        {
            throw Error(
                "layersMeasured",
                $"is {point.LayersMeasured}, which is more than layersTotal, {point.LayersTotal}."
            );
        }

        bool whole = point.LayersMeasured == point.LayersTotal;
        if (whole && Math.Abs(point.FullStepSeconds - step.Median) > Rounding * step.Median)
        {
            throw Error(
                "fullStepSeconds",
                $"is {point.FullStepSeconds}, but all layers were measured and stepSeconds.median is {step.Median}."
            );
        }
    }

    private void CheckInterval(string lowField, double? low, string highField, double? high)
    {
        if (low is null != high is null)
        {
            throw Error(low is null ? lowField : highField, "is missing; an interval has two ends or none.");
        }

        if (low > high)
        {
            throw Error(lowField, $"is {low}, which is above {highField}, {high}.");
        }
    }

    private void CheckOrder(string lowField, double low, string highField, double high)
    {
        if (low > high * (1 + Rounding))
        {
            throw Error(lowField, $"is {low}, which is above {highField}, {high}.");
        }
    }

    private RecordFormatException Error(string field, string problem) => new($"{_name}: {_at}{field} {problem}");
}

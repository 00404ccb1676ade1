using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>The same choice among the points of a run: what was measured is ranked, and nothing is predicted.</summary>
public static class PointChooser
{
    /// <summary>The cost by layers of a measured point, with the time between two tokens of a sequence.</summary>
    /// <param name="record">The run.</param>
    /// <param name="point">One of its points.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="more">More inputs and equations over the same symbols; null for none.</param>
    /// <exception cref="InputException">The point has no tokens per second.</exception>
    public static CostStack Price(
        RunRecord record,
        PointRecord point,
        Scenario scenario,
        (IReadOnlyList<ModelInput> Inputs, IReadOnlyList<Equation> Equations)? more = null
    )
    {
        ArgumentNullException.ThrowIfNull(point);
        var step = new ModelInput(
            PredictedCase.StepTime,
            "time of a step, and so between two tokens of a sequence",
            "ms",
            RecordCost.StepSecondsOf(point) * 1e3,
            RecordCost.TokensPerSecondProvenanceOf(point)
        );
        return CostStack.Create(
            CostCaseFactory.Of(record, point, scenario) with
            {
                InvalidReasons = PointQuality.ReasonsAgainst(point),
            },
            scenario,
            ([step, .. more is null ? [] : Cache(point), .. more?.Inputs ?? []], more?.Equations ?? [])
        );
    }

    /// <summary>What a prompt's cache holds where prefill has devices of its own; all devices' parts together, copies among them.</summary>
    private static IEnumerable<ModelInput> Cache(PointRecord point)
    {
        ProvenanceNote planned = ProvenanceNote.Derived("from the record's plan of a step");
        yield return new ModelInput(
            "kv_whole",
            "cache of a sequence, once",
            "GB",
            (double)point.KvReadBytes * point.TensorParallel / point.Batch / 1e9,
            planned
        );
        yield return new ModelInput("input_tokens", "tokens of context", "tok", point.Context, planned);
    }

    /// <summary>Ranks the points.</summary>
    /// <param name="record">The run.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="longestStepMilliseconds">The longest time between two tokens of a sequence; null for no limit.</param>
    /// <param name="demand">The traffic; null to rank by dollars per token alone.</param>
    /// <param name="includeInvalid">Whether invalid and throttled points take part; they are marked.</param>
    public static ChoiceResult Choose(
        RunRecord record,
        Scenario scenario,
        double? longestStepMilliseconds,
        TrafficDemand? demand,
        bool includeInvalid
    )
    {
        ArgumentNullException.ThrowIfNull(record);
        List<Choice> ranked = [];
        List<ExcludedChoice> excluded = [];
        foreach (PointRecord point in record.Points)
        {
            string formats = $"{point.Weights} weights, {point.Kv} KV, batch {point.Batch}, context {point.Context}";
            if (!PointQuality.IsSound(point) && !includeInvalid)
            {
                Out(
                    point.Valid ? ExcludedChoice.Throttled : ExcludedChoice.Invalid,
                    point.Valid
                        ? $"the device lowered its clocks: {string.Join(", ", point.ThrottleReasons)}"
                        : $"the point is invalid: {string.Join(", ", point.InvalidReasons)}"
                );
                continue;
            }

            CostStack stack = Price(record, point, scenario);
            if (stack.Total.UsdPerMillionTokens is { Value: null } cost)
            {
                Out(ExcludedChoice.NoPrice, cost.Provenance.Detail ?? "no price is known");
            }
            else if (FleetBill.WhyNot(stack, demand) is string why)
            {
                Out(ExcludedChoice.NoInputRate, why);
            }
            else if (longestStepMilliseconds < stack.Evaluation[PredictedCase.StepTime])
            {
                Out(ExcludedChoice.TooSlow, $"a token takes {stack.Evaluation.Format(PredictedCase.StepTime, 3)}");
            }
            else
            {
                ranked.Add(
                    FleetBill
                        .Places(demand, longestStepMilliseconds)
                        .Select(prefill => new Choice(stack, Bill(point, prefill), false))
                        .Where(choice => !(longestStepMilliseconds < choice.StepMilliseconds.Value))
                        .MinBy(choice => choice.Rank)!
                );
            }

            void Out(string code, string reason) =>
                excluded.Add(new ExcludedChoice(record.Device.Name, formats, code, reason));
        }

        return new ChoiceResult(
            [.. ranked.OrderBy(choice => choice.Rank).ThenBy(choice => choice.UsdPerMillionTokens.Value)],
            excluded
        );

        FleetBill? Bill(PointRecord point, PrefillPlace prefill) =>
            demand is null
                ? null
                : FleetBill.Of(scenario, demand, (billed, more) => Price(record, point, billed, more), prefill);
    }
}

using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// What each lever saves alone, and what they save together. Together is not the sum: each changes what is left for the others, so they
/// are applied jointly and the cost is computed anew.
/// </summary>
public sealed class LeverAnalysis
{
    /// <summary>The least that a lever must save of what the levers before it leave, to be pulled too.</summary>
    private const double LeastSaving = 0.001;

    /// <summary>Models of one family pad the same vocabulary to slightly different sizes.</summary>
    private const double LargestVocabularyDifference = 0.01;

    private readonly LeverPricer _pricer;
    private readonly Scenario _scenario;
    private readonly LeverSettings _settings;

    private LeverAnalysis(IStepSource source, Scenario scenario, LeverSettings settings)
    {
        _pricer = new LeverPricer(source, scenario, settings);
        _scenario = scenario;
        _settings = settings;
        InvalidReasons = source.InvalidReasons;
        Base = _pricer.Price([]);
        if (Base.UsdPerMillion.Value is null)
        {
            throw new InputException($"Without a cost there is nothing for levers to save: {Base.Problem}.");
        }

        IReadOnlyList<Lever> levers = LeverCatalogue.Of(source, scenario);
        Alone =
        [
            .. levers
                .Select(lever => WithRange(_pricer.Price([lever]), lever))
                .OrderByDescending(outcome => outcome.SavingOf(Base.UsdPerMillion.Value) ?? double.NegativeInfinity),
        ];
        Order = Greedy(levers);
        Everything = _pricer.Price(
            Alone
                .Where(outcome => outcome.UsdPerMillion.Value is not null)
                .GroupBy(outcome => outcome.Levers[0].Kind)
                .Select(kind => kind.First().Levers[0])
        );
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario => _scenario;

    /// <summary>Why the base must not be trusted; empty where nothing speaks against it.</summary>
    public IReadOnlyList<string> InvalidReasons { get; }

    /// <summary>The cost with no lever pulled.</summary>
    public LeverOutcome Base { get; }

    /// <summary>Each lever alone, the one that saves most first; those that cannot be pulled last.</summary>
    public IReadOnlyList<LeverOutcome> Alone { get; }

    /// <summary>
    /// The best first, then the best next given the first, and so on, at most one of a kind, for as long as one saves a thousandth. Each outcome has all
    /// levers so far; the lever beside it is the one that was added.
    /// </summary>
    public IReadOnlyList<(Lever Added, LeverOutcome Outcome)> Order { get; }

    /// <summary>The best of each kind alone, all together, whether or not each still saves beside the others.</summary>
    public LeverOutcome Everything { get; }

    /// <summary>The cost with all levers pulled that save beside the others; the base where none does.</summary>
    public LeverOutcome Together => Order.Count == 0 ? Base : Order[^1].Outcome;

    /// <summary>What the best of each kind saves alone, added up, as if they did not touch each other: a fraction of the base.</summary>
    public double SumOfSavingsAlone =>
        Alone
            .GroupBy(outcome => outcome.Levers[0].Kind)
            .Sum(kind => Math.Max(0, kind.First().SavingOf(Base.UsdPerMillion.Value) ?? 0));

    /// <summary>Ranks levers.</summary>
    /// <param name="source">The step.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="settings">What else levers are pulled with; null for nothing.</param>
    /// <exception cref="InputException">The step has no cost to begin with, or the draft model has another vocabulary.</exception>
    public static LeverAnalysis Of(IStepSource source, Scenario scenario, LeverSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(scenario);
        settings ??= new LeverSettings();
        CheckDraft(source.Base.Model, settings.DraftModel);
        return new LeverAnalysis(source, scenario, settings);
    }

    /// <summary>Tokens can be checked only where both models mean the same by them.</summary>
    private static void CheckDraft(ModelShape model, ModelShape? draft)
    {
        if (
            draft is not null
            && Math.Abs(draft.VocabularySize - model.VocabularySize)
                > LargestVocabularyDifference * model.VocabularySize
        )
        {
            throw new InputException(
                $"{draft.Name} cannot draft for {model.Name}: its vocabulary has {draft.VocabularySize} tokens, and the model's {model.VocabularySize}; give a model of the same family."
            );
        }
    }

    private List<(Lever Added, LeverOutcome Outcome)> Greedy(IReadOnlyList<Lever> levers)
    {
        var order = new List<(Lever Added, LeverOutcome Outcome)>();
        LeverOutcome best = Base;
        while (true)
        {
            Lever[] pulled = [.. order.Select(step => step.Added)];
            (Lever Added, LeverOutcome Outcome)? next = levers
                .Where(lever => pulled.All(other => other.Kind != lever.Kind))
                .Select(lever => (Added: lever, Outcome: _pricer.Price([.. pulled, lever])))
                .Where(step => step.Outcome.SavingOf(best.UsdPerMillion.Value) >= LeastSaving)
                .OrderBy(step => step.Outcome.UsdPerMillion.Value)
                .Select(step => ((Lever, LeverOutcome)?)step)
                .FirstOrDefault();
            if (next is not (Lever, LeverOutcome) found)
            {
                return order;
            }

            order.Add(found);
            best = found.Outcome;
        }
    }

    /// <summary>The outcome with the lowest and highest cost over the corners of the lever's own parameters.</summary>
    private LeverOutcome WithRange(LeverOutcome outcome, Lever lever)
    {
        ModelInput[] uncertain = [.. ParametersOf(lever).Where(input => input.IsUncertain)];
        if (outcome.UsdPerMillion.Value is null || uncertain.Length == 0)
        {
            return outcome;
        }

        var costs = new List<double> { outcome.UsdPerMillion.Value.Value };
        for (int corner = 0; corner < 1 << uncertain.Length; corner++)
        {
            var changes = new Dictionary<string, double>();
            for (int i = 0; i < uncertain.Length; i++)
            {
                changes[uncertain[i].Symbol] =
                    (corner >> i & 1) == 0 ? uncertain[i].Low!.Value : uncertain[i].High!.Value;
            }

            if (_pricer.Price([lever], changes).UsdPerMillion.Value is double cost)
            {
                costs.Add(cost);
            }
        }

        return outcome with
        {
            LowUsdPerMillion = costs.Min(),
            HighUsdPerMillion = costs.Max(),
        };
    }

    private IEnumerable<ModelInput> ParametersOf(Lever lever)
    {
        if (lever.Hardware is HardwareEntry hardware)
        {
            string price = _scenario.Ownership == Ownership.Owned ? "gpu_price" : "rent";
            return AssumptionCatalogue.Inputs(hardware.Name).Where(input => input.Symbol == price);
        }

        string[] symbols = lever.Kind switch
        {
            LeverKind.Speculation when _settings.DraftModel is not null => ["spec_accept", "spec_length"],
            LeverKind.Speculation => ["spec_accept", "spec_length", "draft_share"],
            LeverKind.Batch when _settings.MaxSecondsPerToken is not null => ["usable", PredictedCase.Efficiency],
            LeverKind.Batch => ["usable"],
            LeverKind.PrefixCache => ["cache_hit_target"],
            LeverKind.Routing when _settings.SmallModel is not null => ["route_share", "route_escalate"],
            LeverKind.Routing => ["route_share", "route_escalate", "route_cost"],
            LeverKind.Utilization => ["util_target"],
            _ => [],
        };
        return _scenario.Inputs.Where(input => symbols.Contains(input.Symbol));
    }
}

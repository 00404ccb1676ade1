using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>A day's profit and loss, with what an operator published of it.</summary>
public sealed class DayDecision
{
    private DayDecision(PublishedDay? published, EquationSystem system, bool isChanged)
    {
        Published = published;
        Values = system.Evaluate();
        Equations = [.. system.Equations];
        Inputs = system.Inputs;
        IsChanged = isChanged;
    }

    /// <summary>The day that was published; null for one that the user gave.</summary>
    public PublishedDay? Published { get; }

    /// <summary>The inputs.</summary>
    public IReadOnlyList<ModelInput> Inputs { get; }

    /// <summary>The equations in use.</summary>
    public IReadOnlyList<Equation> Equations { get; }

    /// <summary>All values.</summary>
    public Evaluation Values { get; }

    /// <summary>Whether inputs of the published day were changed, so that its results are not to be expected.</summary>
    public bool IsChanged { get; }

    /// <summary>Computes a day.</summary>
    /// <param name="published">The published day whose inputs hold where none is given; null for none.</param>
    /// <param name="given">The inputs that the user gives.</param>
    /// <exception cref="InputException">An input is missing, or more input is found in a cache than there is.</exception>
    public static DayDecision Of(PublishedDay? published, IReadOnlyList<ModelInput> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        Dictionary<string, ModelInput> inputs = new(StringComparer.Ordinal);
        foreach (ModelInput input in published is null ? [] : DayCatalogue.InputsOf(published))
        {
            inputs[input.Symbol] = input;
        }

        foreach (ModelInput input in given)
        {
            inputs[input.Symbol] = input;
        }

        DaySlot[] missing = [.. DayEquations.Inputs.Where(slot => slot.IsNeeded && !inputs.ContainsKey(slot.Symbol))];
        if (missing.Length > 0)
        {
            throw new InputException(
                $"A day needs {string.Join(", ", missing.Select(slot => $"{slot.Symbol} ({slot.Name}, in {slot.Unit})"))}; give them with --set or --scenario, or start from --preset {DayCatalogue.All[0].Name}."
            );
        }

        if (inputs["day_hit"].BaseValue > inputs["day_in"].BaseValue)
        {
            throw new InputException(
                $"day_hit ({inputs["day_hit"].Value} Gtok) is more than day_in ({inputs["day_in"].Value} Gtok), of which it is a part."
            );
        }

        bool canCheck = inputs.ContainsKey("rate_prefill") && inputs.ContainsKey("rate_decode");
        return new DayDecision(
            published,
            EquationSystem.Create(
                DayEquations.Inputs.Where(slot => inputs.ContainsKey(slot.Symbol)).Select(slot => inputs[slot.Symbol]),
                canCheck ? [.. DayEquations.All, .. DayEquations.Checks] : DayEquations.All
            ),
            given.Count > 0
        );
    }
}

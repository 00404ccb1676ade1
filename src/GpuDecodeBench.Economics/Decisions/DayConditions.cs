namespace GpuDecodeBench.Economics.Decisions;

/// <summary>The five conditions of a day's cost, in words, as far as they are known.</summary>
/// <param name="Model">The model.</param>
/// <param name="Precision">The formats.</param>
/// <param name="Context">The context.</param>
/// <param name="BatchAndUtilization">Batch and utilisation.</param>
/// <param name="Hardware">The hardware.</param>
public sealed record DayConditions(
    string Model,
    string Precision,
    string Context,
    string BatchAndUtilization,
    string Hardware
)
{
    /// <summary>Conditions of which nothing was said.</summary>
    public static DayConditions Unknown { get; } =
        new("model not given", "precision not given", "context not given", "batch not given", "hardware not given");

    /// <summary>The same model under other inputs: what the user changed is no longer what was published.</summary>
    /// <param name="day">The day as it was computed.</param>
    public DayConditions With(DayDecision day)
    {
        ArgumentNullException.ThrowIfNull(day);
        return this with
        {
            BatchAndUtilization = "batch not given; inputs changed by the user",
            Hardware = $"{day.Values.Format("day_nodes", 6)} nodes of {day.Values.Format("day_node_gpus", 3)}",
        };
    }

    /// <summary>In one line.</summary>
    public string Describe() => string.Join(" · ", Model, Precision, Context, BatchAndUtilization, Hardware);
}

using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>A model that traffic can be sent to.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Conditions">The five conditions of its cost; of a price that was given, what is known of them.</param>
/// <param name="Cost">What a million output tokens with their input cost, as the input that the routing is computed with.</param>
public sealed record RouteTarget(string Name, string Conditions, ModelInput Cost)
{
    /// <summary>What the cost was computed of; null for a price that was given.</summary>
    public Choice? Choice { get; init; }
}

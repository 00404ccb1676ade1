namespace GpuDecodeBench.Cli.Commands;

/// <summary>What a cost by layers is to show beside the layers.</summary>
/// <param name="Draws">Draws from the assumptions' ranges.</param>
/// <param name="Seed">Their seed.</param>
/// <param name="Explain">Whether to show the derivation.</param>
/// <param name="Sweeps">Inputs to sweep: a symbol with its values, or no values for all regions.</param>
/// <param name="Api">An API's prices of a million output and input tokens, and input tokens for each output token; null for none.</param>
internal sealed record CostReportOptions(
    int Draws,
    int Seed,
    bool Explain,
    IReadOnlyList<(string Symbol, IReadOnlyList<double> Values)> Sweeps,
    (double OutUsd, double InUsd, double InputRatio)? Api
);

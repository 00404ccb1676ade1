namespace GpuDecodeBench.Reporting;

/// <summary>How the operations of one name, or the whole step, compared with the reference.</summary>
/// <param name="Weights">The weight format.</param>
/// <param name="Kv">The KV format.</param>
/// <param name="Batch">Sequences decoded together.</param>
/// <param name="ContextTokens">Tokens of context of each sequence.</param>
/// <param name="Operation">The operations' name.</param>
/// <param name="Elements">Output elements compared.</param>
/// <param name="WorstRelativeError">The largest error relative to the output's size; infinite where a result is missing.</param>
/// <param name="Bound">The largest error that passes.</param>
/// <param name="Failure">What was wrong first, in words; null where nothing was.</param>
public sealed record VerificationRow(
    string Weights,
    string Kv,
    int Batch,
    int ContextTokens,
    string Operation,
    long Elements,
    double WorstRelativeError,
    double Bound,
    string? Failure
)
{
    /// <summary>Whether every comparison held.</summary>
    public bool Passed => Failure is null;
}

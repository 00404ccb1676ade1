namespace GpuDecodeBench.Backends.Verification;

/// <summary>How a step's results compared with the reference.</summary>
/// <param name="Operations">One entry for each operation name, in the order of the step.</param>
public sealed record StepCheckResult(IReadOnlyList<OperationCheck> Operations)
{
    /// <summary>Whether every comparison held.</summary>
    public bool Passed => Operations.All(operation => operation.Passed);

    /// <summary>The operation whose error came nearest to its bound, or went furthest beyond it.</summary>
    public OperationCheck Worst =>
        Operations.FirstOrDefault(operation => !operation.Passed)
        ?? Operations.MaxBy(operation => operation.Bound == 0 ? 0 : operation.WorstRelativeError / operation.Bound)!;
}

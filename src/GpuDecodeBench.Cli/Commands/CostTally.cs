using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>Whether anything was priced, and if not, why: a table without a single cost is no answer.</summary>
internal sealed class CostTally
{
    private bool _priced;
    private string? _why;

    /// <summary>Counts a cost, or the lack of one.</summary>
    /// <param name="isKnown">Whether there is a cost.</param>
    /// <param name="why">Why there is none.</param>
    public void Add(bool isKnown, string? why)
    {
        _priced |= isKnown;
        if (!isKnown)
        {
            _why ??= why;
        }
    }

    /// <summary>Refuses where nothing was priced.</summary>
    /// <exception cref="InputException">Nothing was.</exception>
    public void Check()
    {
        if (!_priced && _why is string why)
        {
            throw new InputException($"Nothing could be priced: {why.TrimEnd('.')}.");
        }
    }
}

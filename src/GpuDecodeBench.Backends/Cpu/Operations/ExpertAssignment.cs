using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>
/// Which token went to which expert, in the order in which the experts' products keep their rows: expert by expert, so that
/// each expert's matrix is read once for all of its tokens. All layers use it in turn.
/// </summary>
internal sealed class ExpertAssignment(DecodeStepPlan plan)
{
    private readonly int[] _distinct = new int[plan.Layers];
    private readonly int[] _experts = new int[MostExperts(plan)];
    private readonly int[] _firstRows = new int[MostExperts(plan) + 1];
    private readonly int[] _next = new int[MostExperts(plan)];
    private readonly int[] _sequences = new int[MostRows(plan)];
    private readonly int[] _rows = new int[MostRows(plan)];

    /// <summary>Experts that have a token.</summary>
    public int Distinct { get; private set; }

    /// <summary>Distinct experts of each layer in the last step, 0 for layers that have none; null before the first step.</summary>
    public IReadOnlyList<int>? DistinctByLayer => Distinct == 0 ? null : _distinct;

    /// <summary>The most experts that can have a token when so many rows are divided among them.</summary>
    public static long MostDistinct(int rows, int experts) => Math.Min(rows, experts);

    /// <summary>The number of one of the experts that have a token.</summary>
    public int Expert(int index) => _experts[index];

    /// <summary>The first row of one of the experts that have a token.</summary>
    public int FirstRow(int index) => _firstRows[index];

    /// <summary>Its rows.</summary>
    public int Rows(int index) => _firstRows[index + 1] - _firstRows[index];

    /// <summary>The sequence whose token a row is for.</summary>
    public int Sequence(int row) => _sequences[row];

    /// <summary>The row of a sequence's slot.</summary>
    public int Row(int sequence, int slot, int slots) => _rows[(sequence * slots) + slot];

    /// <summary>Takes over a layer's routing.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="chosen">The expert of each slot of each sequence.</param>
    /// <param name="slots">Slots of a sequence.</param>
    /// <param name="experts">Experts in all.</param>
    public void Assign(int layer, ReadOnlySpan<int> chosen, int slots, int experts)
    {
        Span<int> counts = _next.AsSpan(0, experts);
        counts.Clear();
        foreach (int expert in chosen)
        {
            counts[expert]++;
        }

        Distinct = 0;
        int row = 0;
        for (int expert = 0; expert < experts; expert++)
        {
            int count = counts[expert];
            if (count == 0)
            {
                continue;
            }

            _experts[Distinct] = expert;
            _firstRows[Distinct++] = row;
            counts[expert] = row;
            row += count;
        }

        _firstRows[Distinct] = row;
        for (int i = 0; i < chosen.Length; i++)
        {
            int place = _next[chosen[i]]++;
            _rows[i] = place;
            _sequences[place] = i / slots;
        }

        _distinct[layer] = Distinct;
    }

    private static int MostExperts(DecodeStepPlan plan) => Mixtures(plan).Select(mixture => mixture.Experts).Max();

    private static int MostRows(DecodeStepPlan plan) =>
        plan.Conditions.Batch * Mixtures(plan).Select(mixture => mixture.ExpertsPerToken).Max();

    private static IEnumerable<MixtureOfExperts> Mixtures(DecodeStepPlan plan) =>
        plan.Model.Layers.Take(plan.Layers).Select(layer => layer.FeedForward).OfType<MixtureOfExperts>();
}

using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>
/// The tensors that a device holds. Models that need the very same tensor share it: the 16-bit LM head of a model in several
/// weight formats exists once.
/// </summary>
internal sealed class CpuTensorStore(CpuTeam team)
{
    private readonly Dictionary<(ModelShape Model, ulong Seed, WeightTensor Tensor), Entry> _entries = [];

    /// <summary>The codes of the largest matrix held; null where none is.</summary>
    public NativeBuffer? LargestMatrix =>
        _entries.Values.Select(entry => entry.Content).OfType<PanelMatrix>().MaxBy(matrix => matrix.Codes.Bytes)?.Codes;

    /// <summary>A tensor, made if no model holds it yet. Give it back with <see cref="Release"/>.</summary>
    public IDisposable Take(ModelShape model, ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        (ModelShape, ulong, WeightTensor) key = (model, seed, tensor);
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            IDisposable content = tensor.IsVector
                ? LoadVector(seed, tensor)
                : PanelLoader.Load(team, seed, tensor, cancellation);
            entry = new Entry(content);
            _entries.Add(key, entry);
        }

        entry.Holders++;
        return entry.Content;
    }

    /// <summary>Gives a tensor back; the last holder's return frees it.</summary>
    public void Release(ModelShape model, ulong seed, WeightTensor tensor)
    {
        (ModelShape, ulong, WeightTensor) key = (model, seed, tensor);
        Entry entry = _entries[key];
        if (--entry.Holders == 0)
        {
            entry.Content.Dispose();
            _entries.Remove(key);
        }
    }

    /// <summary>Norms and biases are widened once: they are small, and every element is used at every step.</summary>
    private static unsafe NativeBuffer LoadVector(ulong seed, WeightTensor tensor)
    {
        var values = new double[tensor.Layout.Columns];
        new SyntheticMatrix(seed, tensor).DecodeRow(0, values);
        var buffer = new NativeBuffer(values.Length * sizeof(float));
        for (int i = 0; i < values.Length; i++)
        {
            buffer.Floats[i] = (float)values[i];
        }

        return buffer;
    }

    private sealed class Entry(IDisposable content)
    {
        public IDisposable Content { get; } = content;

        public int Holders { get; set; }
    }
}

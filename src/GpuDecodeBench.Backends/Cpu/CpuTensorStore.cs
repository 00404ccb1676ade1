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
        _entries
            .Values.Select(entry =>
                entry.Content switch
                {
                    PanelMatrix matrix => matrix.Codes,
                    PanelMatrixSet set => set.Codes,
                    _ => null,
                }
            )
            .MaxBy(codes => codes?.Bytes);

    /// <summary>A tensor, made if no model holds it yet. Give it back with <see cref="Release"/>.</summary>
    public IDisposable Take(ModelShape model, ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        (ModelShape, ulong, WeightTensor) key = (model, seed, tensor);
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            entry = new Entry(Load(seed, tensor, cancellation));
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

    private IDisposable Load(ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        if (tensor.IsVector)
        {
            return LoadVectors(seed, tensor);
        }

        return tensor.Count == 1
            ? PanelLoader.Load(team, seed, tensor, cancellation)
            : PanelLoader.LoadSet(team, seed, tensor, cancellation);
    }

    /// <summary>Norms and biases are widened once: they are small, and every element is used at every step.</summary>
    private static unsafe NativeBuffer LoadVectors(ulong seed, WeightTensor tensor)
    {
        var values = new double[tensor.Layout.Columns];
        var buffer = new NativeBuffer((long)tensor.Count * values.Length * sizeof(float));
        float* target = buffer.Floats;
        for (int index = 0; index < tensor.Count; index++)
        {
            new SyntheticMatrix(seed, tensor, index).DecodeRow(0, values);
            for (int i = 0; i < values.Length; i++)
            {
                *target++ = (float)values[i];
            }
        }

        return buffer;
    }

    private sealed class Entry(IDisposable content)
    {
        public IDisposable Content { get; } = content;

        public int Holders { get; set; }
    }
}

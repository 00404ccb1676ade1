using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// The tensors that a GPU holds. Models that need the very same tensor share it: the 16-bit LM head of a model in several weight
/// formats exists once.
/// </summary>
internal sealed class CudaTensorStore(CudaDevice device)
{
    private readonly Dictionary<(ModelShape Model, ulong Seed, WeightTensor Tensor), Entry> _entries = [];

    /// <summary>The codes of the largest tensor held; null where none is.</summary>
    public CudaBuffer? Largest =>
        _entries
            .Values.Select(entry => entry.Content as CudaMatrices)
            .Where(matrices => matrices is not null)
            .Select(matrices => matrices!.Codes)
            .MaxBy(codes => codes.Bytes);

    /// <summary>A tensor, made if no model holds it yet. Give it back with <see cref="Release"/>.</summary>
    public IDisposable Take(ModelShape model, ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        (ModelShape, ulong, WeightTensor) key = (model, seed, tensor);
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            entry = new Entry(tensor.IsVector ? LoadVectors(seed, tensor) : LoadMatrices(seed, tensor, cancellation));
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

    private CudaMatrices LoadMatrices(ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        var matrices = new CudaMatrices(device.Context, tensor);
        try
        {
            if (device.GeneratesOnDevice)
            {
                device.Generator.Generate(matrices, seed, tensor);
            }
            else
            {
                TileLoader.Load(matrices, seed, tensor, cancellation);
            }

            return matrices;
        }
        catch
        {
            matrices.Dispose();
            throw;
        }
    }

    /// <summary>Norms, biases and sinks as their codes, matrix after matrix.</summary>
    private CudaBuffer LoadVectors(ulong seed, WeightTensor tensor)
    {
        int bytesEach = checked((int)tensor.Layout.CodeBytesPerRow);
        var codes = new byte[tensor.Count * bytesEach];
        var synthetic = new SyntheticMatrix(seed, tensor);
        for (int index = 0; index < tensor.Count; index++)
        {
            synthetic.Other(index).FillRow(0, codes.AsSpan(index * bytesEach), [], []);
        }

        CudaBuffer buffer = device.Context.Allocate(codes.Length, $"The vector {tensor.Role}", CudaMemoryKind.Vector);
        buffer.CopyFrom(codes);
        return buffer;
    }

    private sealed class Entry(IDisposable content)
    {
        public IDisposable Content { get; } = content;

        public int Holders { get; set; }
    }
}

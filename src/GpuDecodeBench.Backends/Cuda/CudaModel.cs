using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>A model's weights on a GPU.</summary>
internal sealed class CudaModel : IDeviceModel
{
    private readonly Dictionary<WeightTensor, IDisposable> _tensors = [];
    private readonly CudaDevice _device;

    private CudaModel(CudaDevice device, DecodeStepPlan plan, ulong seed)
    {
        _device = device;
        Plan = plan;
        Seed = seed;
    }

    /// <summary>The plan that the weights were made for.</summary>
    public DecodeStepPlan Plan { get; }

    public ulong Seed { get; }

    public long AllocatedBytes =>
        _tensors.Values.Sum(tensor => tensor is CudaMatrices matrices ? matrices.Bytes : ((CudaBuffer)tensor).Bytes);

    public static CudaModel Load(
        CudaDevice device,
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        var model = new CudaModel(device, plan, seed);
        try
        {
            long total = plan.Memory.WeightBytes;
            long done = 0;
            foreach (WeightTensor tensor in plan.Tensors)
            {
                cancellation.ThrowIfCancellationRequested();
                model._tensors.Add(tensor, device.Store.Take(plan.Model, seed, tensor, cancellation));
                done += tensor.Bytes;
                progress?.Report((double)done / total);
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public CudaMatrices Matrices(WeightTensor tensor) => (CudaMatrices)_tensors[tensor];

    public CudaBuffer Vector(WeightTensor tensor) => (CudaBuffer)_tensors[tensor];

    public IDecodeSession OpenSession(DecodeStepPlan plan, StepInputs inputs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!ReferenceEquals(plan.Model, Plan.Model) || !plan.Tensors.All(_tensors.ContainsKey))
        {
            throw new ArgumentException("The plan is not for the weights that were loaded.", nameof(plan));
        }

        inputs.RequireFit(plan);
        return CudaSession.Open(_device, this, plan, inputs, cancellation);
    }

    public void Dispose()
    {
        foreach (WeightTensor tensor in _tensors.Keys)
        {
            _device.Store.Release(Plan.Model, Seed, tensor);
        }

        _tensors.Clear();
    }
}

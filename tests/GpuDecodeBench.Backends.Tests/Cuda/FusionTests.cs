using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>Operations that share a launch.</summary>
public sealed class FusionTests
{
    private const ulong Seed = 20_261_121;

    /// <summary>
    /// Every model with one cache; and every cache with those models whose shared launches of cache and rotation differ: plain heads, head
    /// norms, latents. Of the other shared launches none knows the cache's format.
    /// </summary>
    public static TheoryData<string, KvFormat> ModelsAndCaches
    {
        get
        {
            string[] ofEveryCache = ["regular", "gemma3-like", "deepseek-like"];
            var cases = new TheoryData<string, KvFormat>();
            foreach (ModelShape model in Models)
            {
                foreach (KvFormat format in FormatNames.AllKvFormats)
                {
                    if (format == KvFormat.Bf16 || ofEveryCache.Contains(model.Name))
                    {
                        cases.Add(model.Name, format);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(ModelsAndCaches))]
    public void FusedAndSeparateOperationsGiveTheSameBits(string model, KvFormat format) =>
        AssertSameBits(80, TestModels.Plan(TestModels.ByName(model), kv: format, contexts: [18, 3]));

    [Theory]
    [InlineData(75, "regular")]
    [InlineData(75, "gemma3-like")]
    [InlineData(75, "deepseek-like")]
    [InlineData(90, "regular")]
    [InlineData(90, "gemma3-like")]
    [InlineData(90, "deepseek-like")]
    public void FusedAndSeparateOperationsGiveTheSameBitsOnEveryArchitecture(int architecture, string model) =>
        AssertSameBits(architecture, TestModels.Plan(TestModels.ByName(model), contexts: [18]));

    [Theory]
    [InlineData("regular", 9, 13)]
    [InlineData("everything", 9, 14)]
    [InlineData("phi3-like", 10, 13)]
    [InlineData("gemma2-like in whole tiles", 9, 15)]
    [InlineData("gemma3-like", 10, 16)]
    [InlineData("mixtral-like in whole tiles", 13, 17)]
    [InlineData("gpt-oss-like in whole tiles", 13, 17)]
    [InlineData("deepseek-like in whole tiles", 23, 29)]
    public void ALayerHasAsManyLaunchesAsTheKernelsReadmeSays(string name, int shared, int separate)
    {
        // Twice over, so that the last layer is not the first: that one's norm has a launch of its own.
        ModelShape once = TestModels.ByName(name);
        ModelShape model = once with { Layers = [.. once.Layers, .. once.Layers] };
        using CudaDevice device = Open(80);
        Assert.Equal(shared, LaunchesOfLastLayer(device, model, fuses: true));
        Assert.Equal(separate, LaunchesOfLastLayer(device, model, fuses: false));
    }

    [Fact]
    public void TheTimeOfASharedLaunchIsDividedByBytes()
    {
        using CudaDevice device = Open(80);
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [18]).On(device);
        PlanOperation[] operations =
        [
            .. plan.Operations.Where(operation => operation.Name is "rope" or "kv_append").Take(2),
        ];
        var stage = new CudaStage([new CudaWork([.. operations], default, [])]);
        var seconds = new double[plan.Operations.Length];
        stage.Divide(3, seconds);
        long[] bytes = [.. operations.Select(operation => operation.ReadBytes + operation.WriteBytes)];
        Assert.Equal(3, seconds.Sum(), 1e-9);
        Assert.Equal(3.0 * bytes[0] / bytes.Sum(), seconds[operations[0].Index], 1e-9);
        Assert.Equal(3.0 * bytes[1] / bytes.Sum(), seconds[operations[1].Index], 1e-9);
    }

    /// <summary>Launches for one sequence whose context is long enough for attention to be split.</summary>
    private static int LaunchesOfLastLayer(CudaDevice device, ModelShape model, bool fuses)
    {
        device.FusesOperations = fuses;
        DecodeStepPlan plan = TestModels.Plan(model, contexts: [600]).On(device);
        using IDeviceModel loaded = device.LoadModel(plan, Seed, null, CancellationToken.None);
        using var session = (CudaSession)loaded.OpenSession(plan, CancellationToken.None);
        return session
            .Stages.Where(stage => stage.Operations[0].Layer == plan.Layers - 1)
            .Sum(stage => stage.Works.Length);
    }

    private static void AssertSameBits(int architecture, DecodeStepPlan plan)
    {
        using CudaDevice device = Open(architecture);
        DecodeStepPlan onDevice = plan.On(device);
        using IDeviceModel model = device.LoadModel(onDevice, Seed, null, CancellationToken.None);
        StepBits fused = Run(device, model, onDevice, fuses: true);
        StepBits separate = Run(device, model, onDevice, fuses: false);
        Assert.True(fused.Launches < separate.Launches);
        Assert.Equal(onDevice.Operations.Length, separate.Shown.Count);
        Assert.Equal(separate.Shown, fused.Shown);
        Assert.Equal(separate.Logits, fused.Logits);
        Assert.Equal(separate.Hidden, fused.Hidden);
        Assert.Equal(separate.NewPages, fused.NewPages);
    }

    private static StepBits Run(CudaDevice device, IDeviceModel model, DecodeStepPlan plan, bool fuses)
    {
        device.FusesOperations = fuses;
        using var session = (CudaSession)model.OpenSession(plan, CancellationToken.None);
        var trace = new EveryOutput();
        session.RunStepTraced(trace);
        CudaStepMemory memory = session.Memory;
        memory.Rows(StepBuffer.Hidden).Poison();
        memory.Rows(StepBuffer.Logits).Poison();
        session.RunStep();
        return new StepBits(
            session.Launches,
            trace.Outputs,
            memory.Rows(StepBuffer.Logits).Read(),
            memory.Rows(StepBuffer.Hidden).Read(),
            [
                .. Enumerable
                    .Range(0, plan.Layers)
                    .SelectMany(layer => memory.Cache(layer).ReadPage(memory.Slots.NewToken(0).Page)),
            ]
        );
    }

    private static CudaDevice Open(int architecture)
    {
        var backend = new EmulatorBackend(architecture);
        return (CudaDevice)backend.Open(backend.FindDevices()[0].Id);
    }

    private static IEnumerable<ModelShape> Models =>
        [TestModels.Regular, TestModels.Everything, .. TestArchitectures.All, .. TestArchitectures.InWholeTiles];

    private sealed record StepBits(
        int Launches,
        Dictionary<string, byte[]> Shown,
        float[] Logits,
        float[] Hidden,
        byte[] NewPages
    );

    /// <summary>What every operation of every layer gave.</summary>
    private sealed class EveryOutput : IStepTrace
    {
        public Dictionary<string, byte[]> Outputs { get; } = [];

        public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values) =>
            Outputs.Add($"{operation.Index} {operation.Name}", MemoryMarshal.AsBytes(values).ToArray());

        public void OnKvAppended(
            PlanOperation operation,
            int sequence,
            int head,
            bool isValue,
            ReadOnlySpan<byte> codes,
            ushort scaleBits
        )
        {
            string name = $"{operation.Index} {operation.Name}";
            byte[] before = Outputs.GetValueOrDefault(name, []);
            Outputs[name] = [.. before, .. codes, (byte)scaleBits, (byte)(scaleBits >> 8)];
        }
    }
}

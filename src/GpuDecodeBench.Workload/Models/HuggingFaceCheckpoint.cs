using System.Collections.Immutable;
using System.Text.Json;
using GpuDecodeBench.Workload.Models.HuggingFace;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Safetensors;

namespace GpuDecodeBench.Workload.Models;

/// <summary>
/// A plan's synthetic model as a checkpoint that other software loads: <c>config.json</c> and <c>model.safetensors</c>, with the
/// keys and tensor names of the Hugging Face Hub. Quantised weights are written as what their codes are worth.
/// </summary>
public sealed class HuggingFaceCheckpoint
{
    /// <summary>The configuration's file name.</summary>
    public const string ConfigFileName = "config.json";

    /// <summary>The weights' file name.</summary>
    public const string WeightsFileName = "model.safetensors";

    private static readonly JsonWriterOptions s_json = new() { Indented = true };

    private readonly IArchitectureCheckpoint _architecture;
    private readonly ImmutableArray<CheckpointTensor> _tensors;

    /// <summary>The checkpoint of a plan.</summary>
    /// <param name="plan">The plan; its layers are those of the checkpoint.</param>
    /// <exception cref="InputException">
    /// The model's architecture cannot be written yet, or a <c>config.json</c> of it cannot say what the model is.
    /// </exception>
    /// <exception cref="ArgumentException">The plan is that of one device of several, which holds parts of tensors.</exception>
    public HuggingFaceCheckpoint(DecodeStepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Conditions.TensorParallel != 1)
        {
            throw new ArgumentException("A checkpoint is written from a plan for one device.", nameof(plan));
        }

        Model = plan.Model with { Layers = plan.Model.Layers[..plan.Layers] };
        _architecture = ArchitectureCheckpoints.Of(Model);
        _tensors = [.. plan.Tensors.SelectMany(tensor => _architecture.Divide(tensor, Model))];
        RequireFaithfulConfig();
    }

    /// <summary>The model of the checkpoint, with the layers that the plan runs.</summary>
    public ModelShape Model { get; }

    /// <summary>Writes the two files; the configuration last, so that a folder which has one is complete.</summary>
    /// <param name="directory">The folder, which must exist.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="metadata">What the weights' header says of where they come from.</param>
    /// <param name="cancellation">Ends it early; an unfinished file is removed.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(
        string directory,
        ulong seed,
        IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(metadata);
        var values = new CheckpointValues(seed);
        var types = new Dictionary<string, SafetensorsType>(StringComparer.Ordinal);
        foreach (CheckpointTensor tensor in _tensors)
        {
            cancellation.ThrowIfCancellationRequested();
            types.Add(tensor.Name, values.NarrowestType(tensor));
        }

        // transformers refuses a file whose metadata does not say for which framework it is.
        var named = new Dictionary<string, string>(metadata, StringComparer.Ordinal) { ["format"] = "pt" };
        SafetensorsTensor[] entries =
        [
            .. _tensors.Select(tensor => new SafetensorsTensor(tensor.Name, types[tensor.Name], tensor.Shape)),
        ];
        using (var writer = new SafetensorsWriter(Path.Combine(directory, WeightsFileName), entries, named))
        {
            foreach (CheckpointTensor tensor in _tensors)
            {
                values.Write(tensor, types[tensor.Name], bytes => writer.Append(tensor.Name, bytes.Span), cancellation);
            }

            writer.Complete();
        }

        File.WriteAllBytes(Path.Combine(directory, ConfigFileName), Config(CommonType([.. types.Values.Distinct()])));
    }

    /// <summary>The narrowest type that holds every tensor: neither 16-bit type holds the other.</summary>
    private static SafetensorsType CommonType(SafetensorsType[] types) =>
        types is [SafetensorsType only] ? only : SafetensorsType.F32;

    /// <summary>The text of <c>config.json</c>.</summary>
    /// <param name="type">The type that the weights' values need.</param>
    internal byte[] Config(SafetensorsType type)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, s_json))
        {
            json.WriteStartObject();
            _architecture.WriteConfig(new ConfigWriter(json), Model);
            json.WriteString(
                "torch_dtype",
                type switch
                {
                    SafetensorsType.BF16 => "bfloat16",
                    SafetensorsType.F16 => "float16",
                    _ => "float32",
                }
            );
            json.WriteEndObject();
        }

        memory.Write("\n"u8);
        return memory.ToArray();
    }

    /// <summary>A shape can say more than a configuration of its architecture can: what is read back must be the model that is run.</summary>
    private void RequireFaithfulConfig()
    {
        ModelShape read = HuggingFaceConfigReader.Read(Config(SafetensorsType.F32), ConfigFileName);
        bool sameLayers = read.Layers.SequenceEqual(Model.Layers);
        ModelShape comparable = read with
        {
            Name = Model.Name,
            Source = Model.Source,
            PublishedParameters = Model.PublishedParameters,
            Layers = Model.Layers,
        };
        if (!sameLayers || comparable != Model)
        {
            throw new InputException(
                $"{Model.Name} cannot be written as a checkpoint: a config.json of its architecture,"
                    + $" {Model.Architecture.ModelType()}, cannot describe all of its {Model.Layers.Length} layers."
            );
        }
    }
}

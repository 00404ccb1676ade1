namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Writes which layers of a Qwen2 or Qwen3 attend to a sliding window; the counterpart of <see cref="SlidingWindow.OfQwen"/>.</summary>
internal static class QwenWindow
{
    /// <summary>
    /// <c>max_window_layers</c>, the first layer with a window, where the windows are those of the last layers; else
    /// <c>layer_types</c>, which not every version reads.
    /// </summary>
    public static void WriteConfig(ConfigWriter config, ModelShape model)
    {
        int?[] windows = DecoderCheckpoint.Windows(model);
        int? window = windows.FirstOrDefault(tokens => tokens is not null);
        int first = Array.FindIndex(windows, tokens => tokens is not null);
        config.Bool("use_sliding_window", window is not null);
        config.Int("sliding_window", window);
        config.Int("max_window_layers", first < 0 ? windows.Length : first);
        if (first >= 0 && windows.Skip(first).Any(tokens => tokens is null))
        {
            config.Texts("layer_types", DecoderCheckpoint.LayerTypes(windows));
        }
    }
}

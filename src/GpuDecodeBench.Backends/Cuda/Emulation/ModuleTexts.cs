using System.Text;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>
/// Texts of images that were loaded before. Some are megabytes long, and one string for each load has the garbage collector go through
/// all decoded modules again and again. The ones not asked for longest go first.
/// </summary>
internal static class ModuleTexts
{
    private const int Capacity = 100;

    private static readonly Lock s_lock = new();
    private static readonly LinkedList<(int Hash, string Text)> s_latestFirst = [];

    /// <summary>The text of an image, which is UTF-8.</summary>
    public static string Of(ReadOnlySpan<byte> image)
    {
        var hash = new HashCode();
        hash.AddBytes(image);
        int code = hash.ToHashCode();
        lock (s_lock)
        {
            for (
                LinkedListNode<(int Hash, string Text)>? node = s_latestFirst.First;
                node is not null;
                node = node.Next
            )
            {
                if (node.Value.Hash == code && Ascii.Equals(image, node.Value.Text))
                {
                    s_latestFirst.Remove(node);
                    s_latestFirst.AddFirst(node);
                    return node.Value.Text;
                }
            }

            string text = Encoding.UTF8.GetString(image);
            s_latestFirst.AddFirst((code, text));
            if (s_latestFirst.Count > Capacity)
            {
                s_latestFirst.RemoveLast();
            }

            return text;
        }
    }
}

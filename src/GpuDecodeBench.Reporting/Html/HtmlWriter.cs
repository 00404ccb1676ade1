using System.Text;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>Writes HTML. Names of elements and attributes are the caller's; every text and attribute value is escaped here.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element.</summary>
    public HtmlWriter Open(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Tag(element, attributes);
        _open.Push(element);
        return this;
    }

    /// <summary>Closes the element that was opened last.</summary>
    public HtmlWriter Close()
    {
        _text.Append("</").Append(_open.Pop()).Append(">\n");
        return this;
    }

    /// <summary>An element with text.</summary>
    public HtmlWriter Element(string element, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Tag(element, attributes);
        _text.Append(HtmlText.Escape(text)).Append("</").Append(element).Append('>');
        return this;
    }

    /// <summary>An element that has no content.</summary>
    public HtmlWriter Void(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Tag(element, attributes);
        return this;
    }

    /// <summary>Text.</summary>
    public HtmlWriter Text(string text)
    {
        _text.Append(HtmlText.Escape(text));
        return this;
    }

    /// <summary>Markup that this program made.</summary>
    public HtmlWriter Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>The document so far.</summary>
    public override string ToString() => _text.ToString();

    private void Tag(string element, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _text.Append('<').Append(element);
        foreach ((string name, string value) in attributes)
        {
            _text.Append(' ').Append(name);
            if (value.Length > 0)
            {
                _text.Append("=\"").Append(HtmlText.Escape(value)).Append('"');
            }
        }

        _text.Append('>');
    }
}

// Compiled by MSBuild where a project has <BertGenCheckpoint> items: a generator may not read files, so the build reads them
// and hands over a small text. Plain C# 7.3 over netstandard2.0, which is what MSBuild compiles tasks with.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Build.Framework;

/// <summary>Writes what a Hugging Face folder says of itself: fields of its configuration, labels, poolings, and the headers of the weights.</summary>
/// <remarks>
/// It judges the files alone, as the library does that loads them; whether they fit the class is for the generator to say. A fact a line:
/// <code>
///   config KIND NAME VALUE     label HEAD ID TEXT      pooling MODE    tensor DTYPE SHAPE NAME
///   error TEXT                 label-id HEAD ID TEXT   module TYPE     sentence-error TEXT (matters to sentence embeddings alone)
/// </code>
/// </remarks>
public sealed class BertGenReadCheckpoint : Microsoft.Build.Utilities.Task
{
    // The largest header that the format allows, and the largest other file that the library reads.
    private const long MostBytes = 100 * 1000 * 1000;

    // No name that a model declares is as long.
    private const int MostCharacters = 1000;

    private const string Index = "model.safetensors.index.json";

    // Bits of the element types that the format knows.
    private static readonly Dictionary<string, int> Bits = new Dictionary<string, int>
    {
        { "F32", 32 }, { "F16", 16 }, { "BF16", 16 }, { "F64", 64 }, { "BOOL", 8 }, { "U8", 8 }, { "I8", 8 }, { "U16", 16 }, { "I16", 16 }, { "U32", 32 },
        { "I32", 32 }, { "U64", 64 }, { "I64", 64 }, { "C64", 64 }, { "F8_E4M3", 8 }, { "F8_E5M2", 8 }, { "F8_E8M0", 8 }, { "F6_E2M3", 6 }, { "F6_E3M2", 6 }, { "F4", 4 },
    };

    private readonly List<string> _lines = new List<string>();
    private bool _readable = true;

    /// <summary>The folder.</summary>
    [Required]
    public string Folder { get; set; }

    /// <summary>The folder as the project names it, for messages.</summary>
    [Required]
    public string Name { get; set; }

    /// <summary>The model class.</summary>
    public string Model { get; set; }

    /// <summary>"Initialize" where heads may be missing.</summary>
    public string MissingHeads { get; set; }

    /// <summary>The file to write.</summary>
    [Required]
    public string Output { get; set; }

    public override bool Execute()
    {
        Add("model", Model);
        Add("path", Name);
        Add("missing-heads", MissingHeads);
        Try("error", ReadConfig);
        Try("error", () => ReadIfThere("sentence_bert_config.json", root => AddFields("sentence_bert.", root)));
        Try("sentence-error", () => ReadIfThere("1_Pooling/config.json", ReadPooling));
        Try("sentence-error", () => ReadIfThere("modules.json", ReadModules, isObject: false));
        Try("error", ReadWeights);

        string text = string.Join("\n", _lines) + "\n";
        if (!File.Exists(Output) || File.ReadAllText(Output) != text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Output)));
            File.WriteAllText(Output, text, new UTF8Encoding(false));
        }

        // The content may be what it was; the time tells MSBuild that it is up to date. A folder that could not be read is read again.
        File.SetLastWriteTimeUtc(Output, _readable ? DateTime.UtcNow : new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return true;
    }

    private void Try(string kind, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException || e is InvalidDataException || e is UnauthorizedAccessException || e is XmlException
            || e is FormatException || e is SerializationException || e is ArgumentException || e is InvalidOperationException || e is OverflowException)
        {
            Fail(kind, e.Message);
        }
    }

    private void Fail(string kind, string message)
    {
        _readable = false;
        Add(kind, message.TrimEnd('.') + ".");
    }

    private void ReadConfig()
    {
        if (!File.Exists(Path.Combine(Folder, "config.json")))
        {
            throw new FileNotFoundException("there is no config.json in '" + Folder + "'");
        }

        ReadIfThere("config.json", config =>
        {
            AddFields("", config);
            AddLabels("-", config);
            XElement own = Child(config, "bertgen");
            AddFields("bertgen.", own);
            foreach (XElement head in Children(Child(own, "heads")).Where(h => KindOf(h) == "object" && IsWord(NameOf(h))))
            {
                AddFields("bertgen.heads." + NameOf(head) + ".", head);
                AddLabels(NameOf(head), head);
            }
        });
    }

    private void AddFields(string prefix, XElement element)
    {
        foreach (XElement field in Children(element).Where(f => KindOf(f) != "null" && IsWord(NameOf(f))))
        {
            bool isScalar = KindOf(field) == "string" || KindOf(field) == "number" || KindOf(field) == "boolean";
            Add("config " + KindOf(field) + " " + prefix + NameOf(field), isScalar && field.Value.Length > 0 ? field.Value : "-");
        }
    }

    private void AddLabels(string head, XElement element)
    {
        foreach (XElement label in Children(Child(element, "id2label")))
        {
            bool isRight = KindOf(label) == "string" && IsWord(NameOf(label));
            Add("label " + head, (isRight ? NameOf(label) : "?") + " " + label.Value);
        }

        foreach (XElement id in Children(Child(element, "label2id")))
        {
            Add("label-id " + head, (KindOf(id) == "number" ? id.Value : "?") + " " + NameOf(id));
        }
    }

    private void ReadPooling(XElement config)
    {
        // Two schemas are published: one name (or several), and a flag for each mode.
        XElement mode = Child(config, "pooling_mode");
        if (mode != null && KindOf(mode) != "null")
        {
            foreach (XElement name in KindOf(mode) == "array" ? mode.Elements() : new[] { mode })
            {
                Add("pooling", KindOf(name) == "string" ? name.Value : "?");
            }

            return;
        }

        const string Flag = "pooling_mode_";
        foreach (XElement field in config.Elements().Where(f => NameOf(f).StartsWith(Flag, StringComparison.Ordinal) && KindOf(f) == "boolean" && f.Value == "true"))
        {
            Add("pooling", NameOf(field).Substring(Flag.Length).Replace("_tokens", "").Replace("_token", ""));
        }
    }

    private void ReadModules(XElement modules)
    {
        foreach (XElement type in Children(KindOf(modules) == "array" ? modules : null).Select(m => Child(m, "type")).Where(t => t != null && KindOf(t) == "string"))
        {
            Add("module", type.Value);
        }
    }

    private void ReadWeights()
    {
        if (File.Exists(Path.Combine(Folder, "model.safetensors")))
        {
            ReadHeader("model.safetensors", null);
            return;
        }

        if (!File.Exists(Path.Combine(Folder, Index)))
        {
            throw new FileNotFoundException("there is neither model.safetensors nor " + Index + " in '" + Folder + "'");
        }

        ReadIfThere(Index, index =>
        {
            XElement map = Child(index, "weight_map");
            if (map == null || KindOf(map) != "object")
            {
                throw new InvalidDataException(Index + " has no object 'weight_map'");
            }

            foreach (IGrouping<string, XElement> shard in map.Elements().GroupBy(e => KindOf(e) == "string" ? e.Value : "").OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                if (shard.Key.Length == 0 || shard.Key == "." || shard.Key == ".." || shard.Key.IndexOfAny(new[] { '/', '\\', ':', '\0' }) >= 0)
                {
                    Fail("error", Index + " places '" + Short(NameOf(shard.First())) + "' in something that is no name of a file in the folder");
                    continue;
                }

                Try("error", () => ReadHeader(shard.Key, new HashSet<string>(shard.Select(NameOf))));
            }
        });
    }

    /// <summary>Adds the tensors of one file; of a shard exactly those that the index places there.</summary>
    private void ReadHeader(string name, HashSet<string> expected)
    {
        byte[] header;
        long dataBytes;
        using (FileStream file = File.OpenRead(Path.Combine(Folder, name)))
        using (BinaryReader reader = new BinaryReader(file))
        {
            if (file.Length < 8)
            {
                throw new InvalidDataException(Short(name) + " is too short to be a safetensors file");
            }

            ulong length = reader.ReadUInt64();
            if (length > MostBytes || (long)length > file.Length - 8)
            {
                throw new InvalidDataException(Short(name) + " is no safetensors file: its header would have " + length.ToString(CultureInfo.InvariantCulture) + " bytes");
            }

            header = reader.ReadBytes((int)length);
            dataBytes = file.Length - 8 - (long)length;
        }

        List<KeyValuePair<long, long>> places = new List<KeyValuePair<long, long>>();
        foreach (XElement tensor in Parse(header, name, isObject: true).Elements().Where(t => NameOf(t) != "__metadata__"))
        {
            places.Add(ReadTensor(tensor, name));
            if (expected != null && !expected.Remove(NameOf(tensor)))
            {
                Fail("error", "weight '" + Short(NameOf(tensor)) + "' lies in " + Short(name) + ", where " + Index + " does not place it");
            }
        }

        long end = 0;
        foreach (KeyValuePair<long, long> place in places.OrderBy(p => p.Key).ThenBy(p => p.Value))
        {
            if (place.Key != end)
            {
                throw new InvalidDataException(Short(name) + " is no safetensors file: its tensors overlap or leave a hole at " + end.ToString(CultureInfo.InvariantCulture));
            }

            end = place.Value;
        }

        if (end != dataBytes)
        {
            throw new InvalidDataException(string.Format(CultureInfo.InvariantCulture, "the tensors of {0} take {1} bytes, but {2} follow its header{3}", Short(name), end, dataBytes, end > dataBytes ? "; the file may be cut off" : ""));
        }

        foreach (string missing in expected ?? Enumerable.Empty<string>())
        {
            Fail("error", "weight '" + Short(missing) + "' is not in " + Short(name) + ", where " + Index + " places it");
        }
    }

    /// <summary>Adds a tensor; returns where its bytes lie.</summary>
    private KeyValuePair<long, long> ReadTensor(XElement tensor, string file)
    {
        string type = Child(tensor, "dtype")?.Value ?? "";
        long[] shape = Numbers(tensor, "shape");
        long[] offsets = Numbers(tensor, "data_offsets");
        int bits;
        if (!Bits.TryGetValue(type, out bits) || shape == null || offsets == null || offsets.Length != 2 || Children(tensor).Count() != 3)
        {
            throw new InvalidDataException(Short(file) + " is no safetensors file: tensor '" + Short(NameOf(tensor)) + "' lacks a known dtype, a shape or two data_offsets");
        }

        long elements = 1;
        foreach (long dimension in shape.Contains(0) ? new long[] { 0 } : shape)
        {
            elements = checked(elements * dimension);
        }

        if (checked(elements * bits) != checked((offsets[1] - offsets[0]) * 8))
        {
            throw new InvalidDataException(Short(file) + " is no safetensors file: the data_offsets of tensor '" + Short(NameOf(tensor)) + "' do not span its shape");
        }

        Add("tensor", type + " " + (shape.Length == 0 ? "scalar" : string.Join(",", shape.Select(d => d.ToString(CultureInfo.InvariantCulture)))) + " " + NameOf(tensor));
        return new KeyValuePair<long, long>(offsets[0], offsets[1]);
    }

    private static long[] Numbers(XElement tensor, string name)
    {
        XElement list = Child(tensor, name);
        return list != null && KindOf(list) == "array" && list.Elements().All(e => KindOf(e) == "number" && long.TryParse(e.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long _))
            ? list.Elements().Select(e => long.Parse(e.Value, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray()
            : null;
    }

    private void ReadIfThere(string name, Action<XElement> read, bool isObject = true)
    {
        string path = Path.Combine(Folder, name);
        if (!File.Exists(path))
        {
            return;
        }

        long length = new FileInfo(path).Length;
        if (length > MostBytes)
        {
            throw new InvalidDataException(string.Format(CultureInfo.InvariantCulture, "{0} has {1} bytes; the most accepted is {2}", name, length, MostBytes));
        }

        read(Parse(File.ReadAllBytes(path), name, isObject));
    }

    /// <summary>JSON as the library reads it: UTF-8, an object where one is expected, no name twice, at most 32 levels, every string valid text.</summary>
    private static XElement Parse(byte[] json, string file, bool isObject)
    {
        XmlDictionaryReaderQuotas quotas = new XmlDictionaryReaderQuotas
        {
            MaxDepth = 33,
            MaxStringContentLength = int.MaxValue,
            MaxArrayLength = int.MaxValue,
            MaxBytesPerRead = int.MaxValue,
            MaxNameTableCharCount = int.MaxValue,
        };
        XElement root;
        try
        {
            int start = json.Length >= 3 && json[0] == 0xEF && json[1] == 0xBB && json[2] == 0xBF ? 3 : 0;
            new UTF8Encoding(false, true).GetCharCount(json, start, json.Length - start);
            using (XmlDictionaryReader reader = JsonReaderWriterFactory.CreateJsonReader(json, start, json.Length - start, Encoding.UTF8, quotas, null))
            {
                root = XElement.Load(reader);
            }

            foreach (XElement element in root.DescendantsAndSelf())
            {
                // Half of a surrogate pair, which JSON can spell.
                new UTF8Encoding(false, true).GetByteCount(NameOf(element) + (element.HasElements ? "" : element.Value));
            }
        }
        catch (Exception e) when (e is XmlException || e is FormatException || e is ArgumentException || e is InvalidOperationException)
        {
            throw new InvalidDataException(Short(file) + " is no JSON: " + Short(e.Message), e);
        }

        if (isObject && KindOf(root) != "object")
        {
            throw new InvalidDataException(Short(file) + " is no JSON object");
        }

        foreach (XElement parent in root.DescendantsAndSelf().Where(e => KindOf(e) == "object"))
        {
            HashSet<string> names = new HashSet<string>();
            XElement twice = parent.Elements().FirstOrDefault(c => !names.Add(NameOf(c)));
            if (twice != null)
            {
                throw new InvalidDataException(Short(file) + " has '" + Short(NameOf(twice)) + "' twice");
            }
        }

        return root;
    }

    private static XElement Child(XElement element, string name) => Children(element).FirstOrDefault(e => NameOf(e) == name);

    private static IEnumerable<XElement> Children(XElement element) => element?.Elements() ?? Enumerable.Empty<XElement>();

    /// <summary>string, number, boolean, object, array or null.</summary>
    private static string KindOf(XElement element) => (string)element.Attribute("type") ?? "string";

    // JSON names that are no XML names stand in an attribute.
    private static string NameOf(XElement element) => (string)element.Attribute("item") ?? element.Name.LocalName;

    private static bool IsWord(string name) => name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    private static string Short(string text) => text.Length <= 120 ? text : text.Substring(0, 120) + "…";

    private void Add(string kind, string rest)
    {
        if (!string.IsNullOrEmpty(rest))
        {
            StringBuilder line = new StringBuilder(kind).Append(' ');
            foreach (char c in rest.Length <= MostCharacters ? rest : rest.Substring(0, MostCharacters) + "…")
            {
                line.Append(char.IsControl(c) ? ' ' : c);
            }

            _lines.Add(line.ToString());
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace BertGen.Data;

/// <summary>Entities written as a tag for each word (IOB2).</summary>
internal static class BioTags<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEntity> where TEntity : struct, Enum
{
    private static readonly Dictionary<string, TEntity> s_published = ByPublishedName();
    private static readonly Dictionary<string, TEntity> s_byName = ByName();

    public static List<EntityRange<TEntity>> Read(IReadOnlyList<string> tags)
    {
        List<EntityRange<TEntity>> entities = [];
        TEntity? kind = null;
        int start = 0;
        for (int i = 0; i < tags.Count; i++)
        {
            string tag = tags[i] ?? throw new ArgumentException($"Tag {i} is null; give O for a word outside of entities.", nameof(tags));
            bool isOutside = tag == "O";
            if (!isOutside && !(tag.Length > 2 && tag[1] == '-' && tag[0] is 'B' or 'I'))
            {
                throw new ArgumentException($"Tag {i} is '{tag}'. A tag is O, B-kind or I-kind.", nameof(tags));
            }

            TEntity? next = isOutside ? null : Find(tag[2..]);
            if (tag[0] == 'I' && kind is not null && EqualityComparer<TEntity?>.Default.Equals(next, kind))
            {
                continue;
            }

            Close(i);
            (kind, start) = (next, i);
        }

        Close(tags.Count);
        return entities;

        void Close(int end)
        {
            if (kind is { } closed)
            {
                entities.Add(new EntityRange<TEntity>(closed, start, end));
            }
        }
    }

    private static TEntity Find(string kind) =>
        s_published.TryGetValue(kind, out TEntity entity) || s_byName.TryGetValue(Simplify(kind), out entity)
            ? entity
            : throw new ArgumentException($"There is no kind of entity '{kind}' in {typeof(TEntity).Name}, which has {string.Join(", ", Enum.GetNames<TEntity>())}. [Label(\"{kind}\")] gives a member its published name.");

    private static Dictionary<string, TEntity> ByPublishedName()
    {
        Dictionary<string, TEntity> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (FieldInfo field in typeof(TEntity).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.GetCustomAttribute<LabelAttribute>() is { } label)
            {
                names[label.Name] = Enum.Parse<TEntity>(field.Name);
            }
        }

        return names;
    }

    private static Dictionary<string, TEntity> ByName()
    {
        Dictionary<string, TEntity> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in Enum.GetNames<TEntity>())
        {
            names[Simplify(name)] = Enum.Parse<TEntity>(name);
        }

        return names;
    }

    private static string Simplify(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}

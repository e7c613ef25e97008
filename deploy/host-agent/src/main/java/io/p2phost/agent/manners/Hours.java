package io.p2phost.agent.manners;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** In which hours of the week hosting is welcome. A day that is not named has none. */
public record Hours(Map<DayOfWeek, List<Span>> days) {
    private static final Pattern SPAN = Pattern.compile("([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])");
    private static final int DAY = 24 * 60;

    public Hours {
        days = Map.copyOf(days);
    }

    /** Minutes of a day; one that ends before it begins goes on into the next day. */
    public record Span(int from, int to) {
        /** The whole day. */
        static final Span ALL_DAY = new Span(0, DAY);

        static Optional<Span> parse(String text) {
            Matcher matcher = SPAN.matcher(text);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            int from = Integer.parseInt(matcher.group(1)) * 60 + Integer.parseInt(matcher.group(2));
            int to = Integer.parseInt(matcher.group(3)) * 60 + Integer.parseInt(matcher.group(4));
            return from < DAY && to <= DAY && from != to ? Optional.of(new Span(from, to)) : Optional.empty();
        }

        private boolean coversToday(int minute) {
            return minute >= from && (to < from || minute < to);
        }

        private boolean coversTomorrow(int minute) {
            return to < from && minute < to;
        }
    }

    /** Whether that moment of the owner's own clock is within the hours. */
    public boolean contains(LocalDateTime moment) {
        int minute = moment.getHour() * 60 + moment.getMinute();
        return on(moment.getDayOfWeek()).stream().anyMatch(span -> span.coversToday(minute))
                || on(moment.getDayOfWeek().minus(1)).stream().anyMatch(span -> span.coversTomorrow(minute));
    }

    private List<Span> on(DayOfWeek day) {
        return days.getOrDefault(day, List.of());
    }
}
